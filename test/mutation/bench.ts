// The process in which mutants are tried: started, told what to try, and ended and started anew where a mutant never comes back.

import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Baseline, Message, Order, Verdict } from './trial.js'

export interface Outcome {
  /** The test that noticed, or why there was no need for one; absent when the mutant lives. */
  readonly killer: string | undefined
  readonly message: string
  /** There are tests in which it makes a difference to what is evaluated. */
  readonly felt: boolean
}

export interface Bench {
  /** Tests that fail by themselves, and so judge nobody. */
  readonly failed: Baseline['tests']
  /** Tests whose name has words of the mutant's come first, then those of the file named after the file that is changed. */
  attempt(mutant: number, file: string, name: string): Promise<Outcome>
  close(): void
}

const TRIAL = fileURLToPath(new URL('./trial.js', import.meta.url))
/** What a test may take beyond what it took without a mutant: others may be at work on the machine by then. */
const PATIENCE_MS = 60_000
const SLOWER = 10
/** The longest that there is. */
const NO_LIMIT_MS = 2 ** 31 - 1

export async function openBench(order: Order, most: number): Promise<Bench> {
  let child = await start()
  const { tests, felt, steps } = await ask<Baseline>({ kind: 'baseline' }, NO_LIMIT_MS)
  const sound = new Set(tests.flatMap(({ failed }, i) => (failed === undefined ? [i] : [])))
  // Those that noticed a mutant of late are asked first: they tend to notice the next one.
  const recent: number[] = []

  async function start(): Promise<ChildProcess> {
    const started = fork(TRIAL, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--max-old-space-size=2000'] })
    setPriority(started.pid!, 10)
    started.send(order)
    await new Promise<void>((done, fail) => {
      started.once('message', () => done())
      started.once('exit', (code) => fail(new Error(`the engine cannot be loaded: exit code ${code}`)))
    })
    started.removeAllListeners('exit')
    return started
  }

  /** Fails when there is no answer in time, or the process ends. */
  function ask<T>(message: Message, ms: number): Promise<T> {
    return new Promise((done, fail) => {
      const end = (how: () => void) => {
        clearTimeout(timer)
        child.removeAllListeners()
        how()
      }
      const timer = setTimeout(() => end(() => fail(new Error('never comes back'))), ms)
      child.once('message', (answer) => end(() => done(answer as T)))
      child.once('exit', () => end(() => fail(new Error('ends the process'))))
      child.send(message)
    })
  }

  async function attempt(mutant: number, file: string, name: string): Promise<Outcome> {
    const by = felt[mutant]!
    const fresh = by === 'everywhere'
    const all = (fresh ? tests.map((_, i) => i) : by).filter((i) => sound.has(i))
    const own = `${path.basename(file, '.ts')}.test.ts`
    const words = new Set(name.slice(name.indexOf(':')).match(/[\w$]{3,}/g))
    const isMeant = (i: number): boolean => tests[i]!.name.split(/[^\w$]+/).some((word) => words.has(word))
    const rank = (i: number): number => {
      if (fresh && isMeant(i)) return -2 * recent.length - 1
      return recent.includes(i) ? recent.indexOf(i) - 2 * recent.length : tests[i]!.file === own ? -1 : tests[i]!.ms
    }
    // Where not all may judge, those are spread over the files of tests.
    const isChosen = (i: number, n: number): boolean =>
      rank(i) < 0 || Math.floor((n * most) / all.length) !== Math.floor(((n - 1) * most) / all.length)
    const chosen = (all.length > most ? all.filter(isChosen) : all).sort((a, b) => rank(a) - rank(b))
    if (chosen.length === 0) return { killer: undefined, message: '', felt: false }
    const ms = chosen.reduce((sum, i) => sum + tests[i]!.ms, 0)
    const limits = chosen.map((i) => 100_000 + 20 * steps[i]!)
    try {
      const { killer, message } = await ask<Verdict>({ kind: 'trial', mutant, tests: chosen, limits, fresh }, PATIENCE_MS + SLOWER * ms)
      if (killer === undefined) return { killer, message, felt: true }
      if (killer < 0) return { killer: 'loading', message, felt: true }
      if (recent.includes(killer)) recent.splice(recent.indexOf(killer), 1)
      recent.unshift(killer)
      if (recent.length > 8) recent.pop()
      return { killer: tests[killer]!.name, message, felt: true }
    } catch (error) {
      child.kill('SIGKILL')
      child = await start()
      return { killer: (error as Error).message, message: '', felt: true }
    }
  }

  return {
    failed: tests.filter(({ failed }) => failed !== undefined),
    attempt,
    close: () => {
      child.kill()
    },
  }
}
