// A process that computes memoized results and notes every computation: `node claimant.js DIR LOG FROM TO HOW MS`. It prints `ready`, waits for a line
// on standard input, asks for the numbers FROM to TO one after the other, and prints what it got as JSON. A computation notes number and process
// in LOG, then takes MS milliseconds: `HOW` is `sleep`, `block` (the event loop is blocked meanwhile), `fail` (it throws then) or `flow` (a sleeping step).

import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { digest, FORMAT, STAMP } from '../../runtime/contract.js'
import { memoize, step } from '../../runtime/decorators.js'
import { FlowSpec } from '../../runtime/flow.js'
import { runFlow } from '../../runtime/main.js'
import { type FunctionOptions, memoizeFunction } from '../../runtime/memoize.js'
import { parameter } from '../../runtime/parameters.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { stamped } from './stamps.js'

export const CLAIMANT = fileURLToPath(import.meta.url)

/** The function that claimants compute, under the same keys wherever it is made. */
export function computing(options: FunctionOptions, compute: (n: number) => Promise<string>) {
  const stamp = { kind: 'function', format: FORMAT, id: 'claimant.ts#compute', fingerprint: digest('compute') }
  return memoizeFunction(Object.assign(compute, { [STAMP]: stamp }), options)
}

if (process.argv[1] === CLAIMANT) {
  const [, , dir, log, from, to, how, ms] = process.argv as string[] as [string, string, string, string, string, string, string, string]
  const store = fsStore({ dir })

  async function work(n: number): Promise<string> {
    appendFileSync(log, `${n} ${process.pid}\n`)
    if (how === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms))
    else await sleep(Number(ms))
    if (how === 'fail') throw new Error(`as the test asked: ${n}`)
    return `result ${n}`
  }

  class Once extends FlowSpec {
    @parameter() n = 0
    out = ''
    @step start() {
      this.next(this.work)
    }
    @memoize @step async work() {
      this.out = await work(this.n)
      this.next(this.end)
    }
    @step end() {}
  }
  stamped(Once, {
    start: { reads: [], next: { targets: ['work'] } },
    work: { reads: ['n'], writes: ['out'], next: { targets: ['end'] } },
    end: { reads: [] },
  })

  const memoized = computing({ store }, work)
  process.stdout.write('ready\n')
  await once(process.stdin, 'data')
  process.stdin.destroy()
  const got: string[] = []
  for (let n = Number(from); n < Number(to); n++) {
    try {
      got.push(how === 'flow' ? String((await runFlow(Once, { store, parameters: { n } })).artifacts.out) : await memoized(n))
    } catch (error) {
      got.push(String(error))
    }
  }
  process.stdout.write(`${JSON.stringify(got)}\n`)
}
