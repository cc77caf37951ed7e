// A process that calls a memoized function three times in the store of the current folder, with figures if MINTMARK_STATS asks for them.

import { setTimeout as sleep } from 'node:timers/promises'
import { digest, FORMAT, STAMP } from '../../runtime/contract.js'
import { memoizeFunction } from '../../runtime/memoize.js'

const stamp = { kind: 'function', format: FORMAT, id: 'test#square', fingerprint: digest('square') }
const square = async (n: number) => {
  await sleep(2)
  return n * n
}
const memoized = memoizeFunction(Object.assign(square, { [STAMP]: stamp }))
await memoized(2)
await memoized(3)
