// A process that makes one put at a time that others choose, so that it can be killed or failed amid: `node fs-putter.js HOW DIR ROOM WHAT [replace]`.
// `put` prints `ready`, waits for a byte on standard input, puts and prints what came of it: `true`, `false` or an error. `limits` does the
// same after it has opened as many files as it may, prints what a get says, too, and then does both again with the files closed.

import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Room } from '../../runtime/store.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { digestId } from './store-conformance.js'

export const PUTTER = fileURLToPath(import.meta.url)

/** What there is to put: `small` is an entry of a usual size, `noise` is large, `text` is large and can be deflated, `stream` so large that this is done piece by piece. */
export const PAYLOADS: Readonly<Record<string, Buffer>> = {
  small: Buffer.alloc(1000, 'an entry '),
  noise: Buffer.from(Array.from({ length: 6000 }, (_, n) => digestId(`noise ${n}`)).join(''), 'hex'),
  text: Buffer.alloc(200_000, 'again and again '),
  stream: Buffer.alloc(9_000_000, 'again and again '),
}

/** Under which id it is put. */
export const PUT_ID = digestId('what is put')

function say(text: string): void {
  writeSync(1, `${text}\n`)
}

async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    const answer = await work()
    return answer instanceof Uint8Array ? `${answer.length} bytes` : String(answer)
  } catch (error) {
    return String(error)
  }
}

if (process.argv[1] === PUTTER) {
  const [, , how, dir, room, what, replace] = process.argv as string[] as [string, string, string, string, Room, string, string?]
  const store = fsStore({ dir })
  const get = () => outcome(() => store.get(room, PUT_ID))
  const put = () => outcome(() => store.put(room, PUT_ID, PAYLOADS[what]!, { replace: replace === 'replace' }))
  // Whatever is made on first use.
  await get()
  say('ready')
  if (how === 'put') {
    readSync(0, Buffer.alloc(1))
    say(await put())
  } else {
    const open: number[] = []
    try {
      for (;;) open.push(openSync('/dev/null', 'r'))
    } catch {
      // As many as there may be.
    }
    const answers = [await get(), await put()]
    for (const fd of open) closeSync(fd)
    say(JSON.stringify([...answers, await get(), await put()]))
  }
}
