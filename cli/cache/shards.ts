// A room looked at part by part, in order: what is little at once, and most of a large folder by several threads, since one that waits for the disk does nothing
// else. At most a few parts are ahead of the one that is told, so that no list of all that there is comes together.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { MintmarkError } from '../../runtime/errors.js'
import type { Store } from '../../runtime/store.js'
import { ahead } from './desk.js'
import type { Answer, Question } from './hand.js'
import { LOOKS, type Looked, type LookName, type LookOptions } from './looks.js'

export interface Place {
  readonly store: Store
  /** The store's folder, when it is one. */
  readonly folder?: string | undefined
}

const SHARDS = Array.from({ length: 256 }, (_, shard) => shard.toString(16).padStart(2, '0'))
/** Threads take longer to begin than so many looks. */
const FEW = 4000

/** The answers of a look to all ids, or to those that begin with `prefix`, in their order. */
export async function* lookAt<Name extends LookName>(
  { store, folder }: Place,
  name: Name,
  options: LookOptions<Name>,
  prefix = '',
): AsyncGenerator<Looked<Name>> {
  const look = LOOKS[name] as (store: Store, prefix: string, options: LookOptions<Name>) => AsyncGenerator<Looked<Name>>
  if (folder === undefined || prefix.length >= 2) return yield* look(store, prefix, options)
  const shards = SHARDS.filter((shard) => shard.startsWith(prefix))
  for (let seen = 0; seen < FEW; ) {
    const shard = shards.shift()
    if (shard === undefined) return
    for await (const answer of look(store, shard, options)) {
      seen++
      yield answer
    }
  }
  const crew = hire(folder)
  try {
    for await (const answers of ahead(shards, (shard) => crew.ask({ name, prefix: shard, options }), crew.size * 2))
      yield* answers as Looked<Name>[]
  } finally {
    await crew.dismiss()
  }
}

function hire(folder: string) {
  // The one that asks has little to do; and more of them than processors cost more than they save where the disk is quick.
  const size = Math.min(4, Math.max(2, availableParallelism()))
  const hands = Array.from({ length: size }, () => take(folder))
  return {
    size,

    async ask(question: Question): Promise<readonly unknown[]> {
      const idlest = hands.reduce((a, b) => (b.waiting() < a.waiting() ? b : a))
      const answer = await idlest.ask(question)
      if (answer.kind === 'answered') return answer.answers
      throw answer.code === undefined ? answer.error : new MintmarkError(answer.code, answer.text, { cause: answer.error })
    },

    async dismiss(): Promise<void> {
      await Promise.all(hands.map(({ end }) => end()))
    },
  }
}

/** One thread, which answers in the order in which it is asked. */
function take(folder: string) {
  const thread = new Worker(new URL('./hand.js', import.meta.url), { workerData: folder })
  const asked: ((answer: Answer) => void)[] = []
  let failure: Answer | undefined
  function fail(error: unknown): void {
    failure ??= { kind: 'failed', error }
    for (const tell of asked.splice(0)) tell(failure)
  }
  thread.on('message', (answer: Answer) => asked.shift()!(answer))
  thread.on('error', fail)
  thread.on('exit', () => fail(new Error('a thread ended before its work')))
  return {
    waiting: () => asked.length,

    ask: (question: Question) =>
      new Promise<Answer>((tell) => {
        if (failure !== undefined) return tell(failure)
        asked.push(tell)
        thread.postMessage(question)
      }),

    end: () => thread.terminate(),
  }
}
