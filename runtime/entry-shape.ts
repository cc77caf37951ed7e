// Whether what was parsed from a store is an entry: the bytes are sound by then, but who wrote them is not known.

import type { Digest } from './contract.js'
import type { Entry } from './entry.js'

/** One output in the head of an entry; `inline`: its bytes follow the head; `files`: digest and length of the chunks that it needs beside it. */
export type OutputRow = readonly [
  name: string,
  digest: Digest,
  length: number,
  inline: boolean,
  files?: readonly (readonly [Digest, number])[],
]

/** All of an entry but the bytes of its outputs. */
export type EntryHead = Omit<Entry, 'outputs'> & { readonly outputs: readonly OutputRow[] }

export function isHead(value: object): value is EntryHead {
  const head = value as Partial<Record<keyof EntryHead, unknown>>
  return (
    typeof head.key === 'string' &&
    typeof head.step === 'string' &&
    typeof head.closure === 'string' &&
    typeof head.writer === 'string' &&
    Number.isFinite(head.createdAt) &&
    Number.isFinite(head.durationMs) &&
    (head.transition === undefined || isTransition(head.transition)) &&
    Array.isArray(head.outputs) &&
    head.outputs.every(isRow)
  )
}

function isRow(value: unknown): value is OutputRow {
  if (!Array.isArray(value)) return false
  const [name, digest, length, inline, files] = value
  return (
    typeof name === 'string' &&
    isSized(digest, length) &&
    typeof inline === 'boolean' &&
    (files === undefined || (Array.isArray(files) && files.every((file) => Array.isArray(file) && isSized(file[0], file[1]))))
  )
}

function isSized(digest: unknown, length: unknown): boolean {
  return typeof digest === 'string' && Number.isSafeInteger(length) && (length as number) >= 0
}

function isTransition(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { targets, foreach } = value as Record<string, unknown>
  const named = Array.isArray(targets) && targets.every((target) => typeof target === 'string')
  return named && (foreach === undefined || typeof foreach === 'string')
}
