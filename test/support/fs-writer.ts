// A process that writes to an fs store, to be raced or killed: `node fs-writer.js race DIR COUNT TEXT` waits for a line on standard input, puts
// TEXT under so many ids and prints what `put` answered as JSON; `node fs-writer.js flood DIR SEED` puts numbered entries without end and prints
// each number once it is stored.

import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fsStore } from '../../runtime/stores/fs.js'
import { digestId } from './store-conformance.js'

export const WRITER = fileURLToPath(import.meta.url)

/** Entry number `n` of a flood: its id, and bytes enough to be killed amid. */
export function floodEntry(seed: string, n: number): { id: string; bytes: Buffer } {
  return { id: digestId(`${seed} ${n}`), bytes: Buffer.alloc(40_000 + (n % 7) * 50_000, `${seed} ${n} `) }
}

if (process.argv[1] === WRITER) {
  const [, , what, dir, ...rest] = process.argv as [string, string, string, string, ...string[]]
  const store = fsStore({ dir })
  if (what === 'race') {
    process.stdout.write('ready\n')
    await once(process.stdin, 'data')
    process.stdin.destroy()
    const answers: boolean[] = []
    for (let n = 0; n < Number(rest[0]); n++) answers.push(await store.put('entries', digestId(`race ${n}`), Buffer.from(rest[1]!)))
    process.stdout.write(`${JSON.stringify(answers)}\n`)
  } else {
    for (let n = 0; ; n++) {
      const { id, bytes } = floodEntry(rest[0]!, n)
      await store.put('entries', id, bytes)
      writeSync(1, `${n}\n`)
    }
  }
}
