// `mintmark cache ls` and `show`: what is in a store, decoded and harmless to a terminal.

import { inspect } from 'node:util'
import type { Entry } from '../../runtime/entry.js'
import { readValue } from '../../runtime/entry.js'
import type { Listing, Store } from '../../runtime/store.js'
import { ahead, type Desk } from './desk.js'
import { keyOf, type SeenEntry, seeEntry } from './records.js'
import { ageText, countText, harmless, harmlessLine, jsonText, sizeText } from './text.js'

export interface ListFlags {
  readonly prefix?: string
  readonly step?: string
  readonly limit?: number
}

const SHOWN_DIGITS = 16

/** One line an entry, in the order of keys. With `--json` one object a line: {key, step, created, age, size, blobs, durationMs, writer}. */
export async function listEntries(
  { store, json, print, say, progress }: Desk,
  { prefix = '', step, limit = Infinity }: ListFlags,
): Promise<void> {
  let shown = 0
  let read = 0
  for await (const { listing, seen } of seenEntries(store, prefix)) {
    if (shown >= limit) break
    progress(`${++read} read`)
    if (seen.kind === 'gone' || (step !== undefined && !(seen.kind === 'entry' && seen.entry.step.includes(step)))) continue
    shown++
    await print(json ? `${jsonText(lineOf(listing, seen))}\n` : textOf(listing, seen))
  }
  say(countText(shown, 'entry'))
}

async function* seenEntries(store: Store, prefix: string): AsyncGenerator<{ listing: Listing; seen: SeenEntry }> {
  yield* ahead(store.list('entries', prefix), async (listing) => ({ listing, seen: await seeEntry(store, listing.id) }))
}

function lineOf({ id, size, modified }: Listing, seen: SeenEntry): object {
  if (seen.kind !== 'entry') return { key: id, size, modified, problem: seen.kind }
  const { step, createdAt, durationMs, writer } = seen.entry
  const blobs = blobBytes(seen.entry)
  return { key: id, step, createdAt, size, blobs, durationMs, writer, ...(seen.signer && { signer: seen.signer }) }
}

function textOf({ id, size, modified }: Listing, seen: SeenEntry): string {
  const [age, step] =
    seen.kind === 'entry'
      ? [Date.now() - seen.entry.createdAt, harmlessLine(seen.entry.step)]
      : [Date.now() - modified, `(${PROBLEMS[seen.kind]})`]
  const bytes = size + (seen.kind === 'entry' ? blobBytes(seen.entry) : 0)
  return `${id.slice(0, SHOWN_DIGITS)}  ${ageText(age).padStart(5)}  ${sizeText(bytes).padStart(7)}  ${step}\n`
}

export const PROBLEMS: Readonly<Record<Exclude<SeenEntry['kind'], 'entry'>, string>> = {
  gone: 'deleted just now',
  damaged: 'damaged, or of a later version of mintmark',
  format: 'of an earlier version of mintmark',
  newer: 'of a later version of mintmark',
}

function blobBytes({ outputs }: Entry): number {
  return Object.values(outputs).reduce((sum, { inline, length }) => sum + (inline === undefined ? length : 0), 0)
}

/** The entry whose key starts so, with its outputs decoded and cut to so many characters each. */
export async function showEntry(
  { store, json, print }: Desk,
  prefix: string,
  { limit = 2000 }: { readonly limit?: number },
): Promise<void> {
  const key = await keyOf(store, prefix)
  const seen = await seeEntry(store, key)
  if (seen.kind !== 'entry') {
    process.exitCode = 1
    return print(json ? `${jsonText({ key, problem: seen.kind })}\n` : `${key}: ${PROBLEMS[seen.kind]}\n`)
  }
  const { entry, signer } = seen
  const outputs = []
  for (const [name, ref] of Object.entries(entry.outputs)) {
    const { digest, length, inline } = ref
    // What the store would refuse as an id is no digest.
    const found = /^[0-9a-f]{64}$/.test(digest) ? await readValue(store, ref) : ({ kind: 'miss', reason: 'damaged' } as const)
    // No getter runs, and no method of a value: what is decoded has neither.
    const text =
      found.kind === 'value'
        ? inspect(found.value, { depth: 20, maxArrayLength: 1000, maxStringLength: limit, breakLength: 120 })
        : undefined
    const told = found.kind === 'value' ? { value: text!.slice(0, limit), cut: text!.length > limit } : { problem: found.reason }
    outputs.push({ name, digest, length, inline: inline !== undefined, ...told })
  }
  const { outputs: _refs, createdAt, ...rest } = entry
  if (json) return print(`${jsonText({ ...rest, created: dateText(createdAt), createdAt, ...(signer && { signer }), outputs }, 2)}\n`)
  const { transition, step, writer, durationMs, closure } = rest
  const lines = [
    ['key', key],
    ['step', step],
    ['created', `${dateText(createdAt)}, ${ageText(Date.now() - createdAt)} ago`],
    ['took', `${Math.round(durationMs)} ms`],
    ['writer', writer],
    ...(signer ? [['signed', `by ${signer} as it says; \`mintmark cache verify --trust\` finds out`]] : []),
    ['code', closure],
    ...(transition ? [['next', `${transition.targets.join(', ')}${transition.foreach ? ` for each of ${transition.foreach}` : ''}`]] : []),
  ]
  for (const [name, text] of lines) await print(`${name!.padEnd(8)} ${harmlessLine(text!)}\n`)
  for (const output of outputs) {
    const where = `${sizeText(output.length)}, ${output.inline ? 'in the entry' : `blob ${output.digest}`}`
    await print(`\n${harmlessLine(output.name)} (${harmlessLine(where)})\n`)
    await print(
      'value' in output ? `${harmless(output.value!)}${output.cut ? ' ... (--limit shows more)' : ''}\n` : `(${output.problem})\n`,
    )
  }
}

function dateText(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms)
}
