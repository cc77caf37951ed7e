// One request to a bucket, as those who move bytes ask for it, and what they share in asking.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Limit } from './deadline.js'
import { openGate } from './gate.js'

/** Sends `new <command>Command(input)` to the bucket; `read` takes the answer while the request still has its time and its connection. */
export type Ask = <T = any>(command: S3Command, input: object, options?: AskOptions<T>) => Promise<T>

export type S3Command =
  | 'GetObject'
  | 'PutObject'
  | 'DeleteObject'
  | 'ListObjectsV2'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'

export interface AskOptions<T> {
  /** Milliseconds. Default: the store's time limit. */
  readonly ms?: number
  /** Of the body that is sent. */
  readonly bytes?: number
  readonly read?: (answer: any, limit: Limit) => Promise<T>
}

/** The SDK retries what it sees fail; these are for what it hands on: a body cut short, a conditional put that met another (409). */
export const ATTEMPTS = 4

export const PARTS_AT_ONCE = 8
const LONGEST_PAUSE_MS = 2000

/** Full jitter, so that writers that met once do not meet again. */
export function backOff(attempt: number): Promise<void> {
  return sleep(Math.random() * Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS))
}

/** The results in order. Rejects with the first error, once none is under way any more. */
export async function inParts<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const gate = openGate(PARTS_AT_ONCE)
  const results = new Array<T>(count)
  let failed: { readonly error: unknown } | undefined
  const all = Array.from({ length: count }, (_, index) =>
    gate(async () => {
      if (failed !== undefined) return
      try {
        results[index] = await work(index)
      } catch (error) {
        failed ??= { error }
      }
    }),
  )
  await Promise.all(all)
  if (failed !== undefined) throw (failed as { readonly error: unknown }).error
  return results
}
