// `mintmark cache doctor`: whether a store does what Mintmark needs of it, tried out on records of its own that are removed again.

import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { wordsOf } from '../../runtime/settings.js'
import type { Listing, Store } from '../../runtime/store.js'
import { publicWord, readPrivateKey, readPublicKey } from '../../runtime/stores/keys.js'

export interface Finding {
  readonly check: string
  /** `warning`: it works, and someone should know. */
  readonly status: 'ok' | 'warning' | 'failed'
  readonly what: string
}

const FOLDER = '=doctor='
const WRITERS = 16
/** Two machines that differ by more share results with a `ttl` badly. */
const SKEW_MS = 5000
const OTHERS_RIGHTS = 0o077
const OTHERS_WRITE = 0o022

/** Each check is done whatever came of those before it. */
export async function examine(store: Store, folder: string | undefined): Promise<Finding[]> {
  const id = `${FOLDER}/${randomBytes(9).toString('hex')}`
  const findings: Finding[] = []
  async function check(name: string, look: () => Promise<Omit<Finding, 'check'>> | Omit<Finding, 'check'>): Promise<void> {
    try {
      findings.push({ check: name, ...(await look()) })
    } catch (error) {
      findings.push({ check: name, status: 'failed', what: error instanceof Error ? error.message : String(error) })
    }
  }
  try {
    await check('write', async () => {
      const wrote = await store.put('runs', id, Buffer.from('first'))
      return wrote ? ok('what is put is taken') : failed('it says that something is there already, under a name that nobody has used')
    })
    await check('read', async () => {
      const bytes = await store.get('runs', id)
      return isText(bytes, 'first') ? ok('what was put is given back') : failed('what was put is not given back')
    })
    await check('miss', async () => {
      // Without the right to list, Amazon answers "refused" for what is not there, and every miss would be trouble.
      const bytes = await store.get('runs', `${id}-none`)
      return bytes === undefined ? ok('what was never put is not there') : failed('something is there that was never put')
    })
    await check('list', async () => ((await listed(store, id)) ? ok('what was put is listed') : failed('what was put is not listed')))
    await check('clock', async () => {
      const listing = await listed(store, id)
      if (listing === undefined) return failed('cannot be told, since nothing is listed')
      const skew = Date.now() - listing.modified
      const what = `this clock and the store's differ by ${Math.abs(skew) < 1000 ? 'less than a second' : `${Math.round(skew / 1000)} s`}`
      return Math.abs(skew) < SKEW_MS ? ok(what) : warning(`${what}. Set the clock: ages and the grace period of \`gc\` are judged by it.`)
    })
    await check('first writer wins', async () => {
      const told = await Promise.all(Array.from({ length: WRITERS }, (_, n) => store.put('runs', `${id}-race`, Buffer.from(`writer ${n}`))))
      const winners = told.filter(Boolean).length
      if (winners !== 1)
        return warning(
          `of ${WRITERS} writers at once ${winners} were told that theirs is stored: the server has no conditional put. The last writer wins, with the same result.`,
        )
      const kept = isText(await store.get('runs', `${id}-race`), `writer ${told.indexOf(true)}`)
      return kept ? ok(`of ${WRITERS} writers at once one wins`) : failed('the one who was told that theirs is stored finds something else')
    })
    await check('replace', async () => {
      await store.put('runs', id, Buffer.from('second'), { replace: true })
      return isText(await store.get('runs', id), 'second')
        ? ok('what is there can be replaced')
        : failed('what was replaced is still given back')
    })
    if (process.env.MINTMARK_SIGNING_KEY || process.env.MINTMARK_TRUST) await check('keys', keys)
    if (folder !== undefined) {
      await check('rights', () => rights(folder))
      await check('lasting', () => lasting(folder))
    }
  } finally {
    await check('delete', async () => {
      for (const each of [id, `${id}-race`]) await store.delete('runs', each)
      return (await store.get('runs', id)) === undefined ? ok('what is deleted is gone') : failed('what was deleted is still given back')
    })
  }
  return findings
}

/** Whether the keys of the environment can be used, and who they are. */
function keys(): Omit<Finding, 'check'> {
  const { MINTMARK_SIGNING_KEY: given = '', MINTMARK_TRUST = '' } = process.env
  const own = given === '' ? undefined : publicWord(readPrivateKey(given, 'MINTMARK_SIGNING_KEY'))
  const trusted = wordsOf(MINTMARK_TRUST).map((word) => publicWord(readPublicKey(word)))
  const others = trusted.filter((word) => word !== own).length
  const trust = `${others} other ${others === 1 ? 'writer is' : 'writers are'} trusted`
  if (own === undefined) return warning(`there is no signing key, so nothing is put into a signed store; ${trust}`)
  return ok(`what is put is signed by ${own}; ${trust}`)
}

function rights(folder: string): Omit<Finding, 'check'> {
  if (process.platform === 'win32') return ok('left to Windows')
  const { mode, uid } = lstatSync(folder)
  const shown = (mode & 0o777).toString(8)
  if (process.getuid?.() !== uid) return warning(`the folder belongs to another user (${uid}), who can put results there`)
  if ((mode & OTHERS_WRITE) !== 0)
    return failed(`others can write to the folder (${shown}), and what they put is taken. \`chmod go-w\`, or sign: docs/trust.md`)
  return (mode & OTHERS_RIGHTS) === 0 ? ok(`only you (${shown})`) : warning(`others can read the folder (${shown})`)
}

/** What makes a result survive a power cut: a file and a folder that can be made to last, and a rename between. */
function lasting(folder: string): Omit<Finding, 'check'> {
  const [from, to] = ['a', 'b'].map((end) => join(folder, `.doctor-${process.pid}-${end}`)) as [string, string]
  try {
    writeFileSync(from, 'x', { flag: 'wx', mode: 0o600 })
    const file = openSync(from, 'r+')
    fsyncSync(file)
    closeSync(file)
    renameSync(from, to)
    const home = openSync(folder, 'r')
    try {
      fsyncSync(home)
    } finally {
      closeSync(home)
    }
    return ok('files, renames and folders can be made to last')
  } catch (error) {
    return warning(
      `not everything can be made to last here (${(error as NodeJS.ErrnoException).code}): a power cut may cost results, which then are misses`,
    )
  } finally {
    for (const path of [from, to])
      try {
        unlinkSync(path)
      } catch {
        // It was not made, or has its new name.
      }
  }
}

async function listed(store: Store, id: string): Promise<Listing | undefined> {
  for await (const listing of store.list('runs', id)) if (listing.id === id) return listing
  return undefined
}

function isText(bytes: Uint8Array | undefined, text: string): boolean {
  return bytes !== undefined && Buffer.from(bytes).equals(Buffer.from(text))
}

function ok(what: string): Omit<Finding, 'check'> {
  return { status: 'ok', what }
}

function warning(what: string): Omit<Finding, 'check'> {
  return { status: 'warning', what }
}

function failed(what: string): Omit<Finding, 'check'> {
  return { status: 'failed', what }
}
