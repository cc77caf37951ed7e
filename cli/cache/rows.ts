// An entry as a line of `ls`, made where the entry is read: a line goes from one thread to another for less than what it tells.

import type { Listing, Store } from '../../runtime/store.js'
import { ahead } from './desk.js'
import { type SeenEntry, seeEntry } from './records.js'
import { ageText, harmlessLine, jsonText, sizeText } from './text.js'

export interface RowOptions {
  readonly json: boolean
  /** Only of steps whose id holds this. */
  readonly step: string | undefined
}

const SHOWN_DIGITS = 16

export const PROBLEMS: Readonly<Record<Exclude<SeenEntry['kind'], 'entry'>, string>> = {
  gone: 'deleted just now',
  damaged: 'damaged, or of a later version of mintmark',
  format: 'of an earlier version of mintmark',
  newer: 'of a later version of mintmark',
}

/** Empty for an entry that is not asked for. */
export async function* rows(store: Store, prefix: string, { json, step }: RowOptions): AsyncGenerator<string> {
  yield* ahead(store.list('entries', prefix), async (listing) => {
    const seen = await seeEntry(store, listing.id)
    if (seen.kind === 'gone' || (step !== undefined && !(seen.kind === 'entry' && seen.entry.step.includes(step)))) return ''
    return json ? `${jsonText(lineOf(listing, seen))}\n` : textOf(listing, seen)
  })
}

function lineOf({ id, size, modified }: Listing, seen: SeenEntry): object {
  if (seen.kind !== 'entry') return { key: id, size, modified, problem: seen.kind }
  const { step, createdAt, durationMs, writer } = seen.entry
  return { key: id, step, createdAt, size, blobs: blobBytes(seen), durationMs, writer, ...(seen.signer && { signer: seen.signer }) }
}

function textOf({ id, size, modified }: Listing, seen: SeenEntry): string {
  const [age, step] =
    seen.kind === 'entry'
      ? [Date.now() - seen.entry.createdAt, harmlessLine(seen.entry.step)]
      : [Date.now() - modified, `(${PROBLEMS[seen.kind]})`]
  const bytes = size + (seen.kind === 'entry' ? blobBytes(seen) : 0)
  return `${id.slice(0, SHOWN_DIGITS)}  ${ageText(age).padStart(5)}  ${sizeText(bytes).padStart(7)}  ${step}\n`
}

function blobBytes({ entry }: Extract<SeenEntry, { readonly kind: 'entry' }>): number {
  return Object.values(entry.outputs).reduce((sum, { inline, length }) => sum + (inline === undefined ? length : 0), 0)
}
