// A thread that looks at parts of a folder, one after the other, as `shards.ts` asks.

import { parentPort, workerData } from 'node:worker_threads'
import { MintmarkError } from '../../runtime/errors.js'
import type { Store } from '../../runtime/store.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { LOOKS, type LookName } from './looks.js'

export interface Question {
  readonly name: LookName
  readonly prefix: string
  readonly options: unknown
}

/** To the questions in their order. `code` and `text` of an error of ours: as such it would not come through. */
export type Answer =
  | { readonly kind: 'answered'; readonly answers: readonly unknown[] }
  | { readonly kind: 'failed'; readonly error: unknown; readonly code?: undefined }
  | { readonly kind: 'failed'; readonly error: unknown; readonly code: string; readonly text: string }

const store = fsStore({ dir: workerData as string })
let before: Promise<unknown> = Promise.resolve()

parentPort?.on('message', ({ name, prefix, options }: Question) => {
  before = before.then(async () => parentPort!.postMessage(await answer(name, prefix, options)))
})

async function answer(name: LookName, prefix: string, options: unknown): Promise<Answer> {
  const look = LOOKS[name] as (store: Store, prefix: string, options: unknown) => AsyncGenerator<unknown>
  try {
    const answers: unknown[] = []
    for await (const one of look(store, prefix, options)) answers.push(one)
    return { kind: 'answered', answers }
  } catch (error) {
    if (!(error instanceof MintmarkError)) return { kind: 'failed', error }
    return { kind: 'failed', error: error.cause, code: error.code, text: error.message.slice(error.code.length + 1) }
  }
}
