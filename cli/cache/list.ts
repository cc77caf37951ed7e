// `mintmark cache ls` and `show`: what is in a store, decoded and harmless to a terminal.

import { inspect } from 'node:util'
import { readValue } from '../../runtime/entry.js'
import type { Desk } from './desk.js'
import { keyOf, seeEntry } from './records.js'
import { PROBLEMS } from './rows.js'
import { lookAt } from './shards.js'
import { ageText, countText, harmless, harmlessLine, jsonText, sizeText } from './text.js'

export interface ListFlags {
  readonly prefix?: string
  readonly step?: string
  readonly limit?: number
}

/** One line an entry, in the order of keys. With `--json` one object a line: {key, step, created, age, size, blobs, durationMs, writer}. */
export async function listEntries(
  { store, folder, json, print, say, progress }: Desk,
  { prefix = '', step, limit = Infinity }: ListFlags,
): Promise<void> {
  let shown = 0
  let read = 0
  for await (const row of lookAt({ store, folder }, 'rows', { json, step }, prefix)) {
    if (shown >= limit) break
    progress(`${++read} read`)
    if (row === '') continue
    shown++
    await print(row)
  }
  say(countText(shown, 'entry'))
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
