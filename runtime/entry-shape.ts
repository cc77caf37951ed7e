// Whether what was decoded from a store is an entry: the bytes are sound by then, but who wrote them is not known.

import type { Entry, Ref } from './entry.js'

export function isEntry(value: object): value is Entry {
  const entry = value as Partial<Record<keyof Entry, unknown>>
  return (
    typeof entry.key === 'string' &&
    typeof entry.step === 'string' &&
    typeof entry.closure === 'string' &&
    typeof entry.writer === 'string' &&
    Number.isFinite(entry.createdAt) &&
    Number.isFinite(entry.durationMs) &&
    (entry.transition === undefined || isTransition(entry.transition)) &&
    isRecord(entry.outputs) &&
    Object.values(entry.outputs).every(isRef)
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRef(value: unknown): value is Ref {
  if (!isRecord(value)) return false
  const { digest, length, inline } = value
  return typeof digest === 'string' && Number.isSafeInteger(length) && (inline === undefined || inline instanceof Uint8Array)
}

function isTransition(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { targets, foreach } = value
  const named = Array.isArray(targets) && targets.every((target) => typeof target === 'string')
  return named && (foreach === undefined || typeof foreach === 'string')
}
