// A store by its place, as it is written on a command line and in MINTMARK_STORE.

import { MintmarkError } from '../errors.js'
import type { Store } from '../store.js'
import { fsStore } from './fs.js'
import { type S3Options, s3Store } from './s3.js'
import { tieredStore } from './tiered.js'

const S3_SETTINGS: readonly string[] = ['endpoint', 'region', 'forcePathStyle']

/**
 * `.mintmark` or any other folder, or `s3://bucket/prefix`, with `?endpoint=`, `&region=` and `&forcePathStyle=true` as `s3Store` has them; or
 * `.mintmark+s3://bucket/prefix`, a folder in front of a bucket, with `&write=behind` as `tieredStore` has it.
 *
 * @throws MintmarkError `MM5021` when the text names no store. It is not repeated in the message: someone may have put credentials into it.
 */
export function storeAt(place: string): Store {
  const [, folder, bucket] = /^(.*)\+(s3:\/\/.*)$/is.exec(place) ?? []
  return folder === undefined ? single(place) : inFront(single(folder), bucket as string)
}

function inFront(local: Store, place: string): Store {
  const write = /[?&]write=([^&]*)/.exec(place)?.[1] ?? 'through'
  if (write !== 'through' && write !== 'behind') throw nowhere('`write` is `through` or `behind`')
  const shared = single(place.replace(/([?&])write=[^&]*&?/, '$1').replace(/[?&]$/, ''))
  return tieredStore({ local, shared, write })
}

function single(place: string): Store {
  if (place.trim() === '') throw nowhere('the place is empty')
  const scheme = /^([A-Za-z][A-Za-z0-9.-]*):\/\//.exec(place)?.[1]?.toLowerCase()
  if (scheme === 's3') return s3Store(bucketOf(place))
  if (scheme !== undefined) throw nowhere(`there is none behind \`${scheme}://\``)
  return fsStore({ dir: place.replace(/^fs:/, '') })
}

function bucketOf(place: string): S3Options {
  const url = URL.canParse(place) ? new URL(place) : undefined
  if (url === undefined || url.host === '') throw nowhere('no bucket can be read after `s3://`')
  if (url.username !== '' || url.password !== '')
    throw nowhere('there are credentials in it, which belong to AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or to a profile')
  const unknown = [...url.searchParams.keys()].find((name) => !S3_SETTINGS.includes(name))
  if (unknown !== undefined) throw nowhere(`\`${unknown}\` is none of the settings ${S3_SETTINGS.join(', ')}`)
  const [endpoint, region, pathStyle] = S3_SETTINGS.map((name) => url.searchParams.get(name))
  return {
    bucket: url.host,
    prefix: decodeURIComponent(url.pathname),
    ...(endpoint ? { endpoint } : {}),
    ...(region ? { region } : {}),
    ...(pathStyle ? { forcePathStyle: pathStyle !== 'false' } : {}),
  }
}

function nowhere(why: string): MintmarkError {
  return new MintmarkError(
    'MM5021',
    `the place that \`--store\` or MINTMARK_STORE names is no store: ${why}. Give a folder, \`s3://bucket/prefix\`, or both as \`folder+s3://bucket/prefix\`.`,
  )
}
