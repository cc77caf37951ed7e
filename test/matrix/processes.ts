// Hosts that stay: a process of their own, which says when it has built something, and may be asked to do more.

import { type ChildProcess, spawn } from 'node:child_process'
import type { Edited } from './project.js'
import { type Report, type Row, readReport, runAll } from './row.js'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How long a watcher may take to notice an edit; esbuild looks at a file every other second. What must not change is looked at then. */
const NOTICE_MS = 4000
const READY_MS = 120_000
/** Watchers tell of one edit within this time, all in all. */
const SETTLED_MS = 500

export interface Staying {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Stands in its output once for each build. */
  readonly built: RegExp
}

interface Started {
  readonly child: ChildProcess
  output(): string
  builds(): number
  until(isDone: () => boolean, ms: number): Promise<boolean>
  stop(): Promise<void>
}

export function start(cwd: string, { args, env, built }: Staying): Started {
  const { MINTMARK_MODE, MINTMARK_STRICT, ...inherited } = process.env
  const child = spawn(process.execPath, args, { cwd, env: { ...inherited, NO_COLOR: '1', ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  let text = ''
  child.stdout!.on('data', (chunk) => (text += chunk))
  child.stderr!.on('data', (chunk) => (text += chunk))
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  return {
    child,
    output: () => text,
    builds: () => [...text.matchAll(new RegExp(built, 'g'))].length,
    async until(isDone, ms) {
      for (const end = performance.now() + ms; performance.now() < end; await pause(50)) {
        if (isDone()) return true
        if (child.exitCode !== null) throw new Error(`node ${args.join(' ')} ended with ${child.exitCode}: ${text.slice(-1000)}`)
      }
      return isDone()
    },
    async stop() {
      child.kill()
      await ended
    },
  }
}

/** A watcher that writes files; `run` are the arguments that run them. */
export function watching(staying: Staying, run: readonly string[]): Row['open'] {
  return async (project) => {
    const started = start(project.dir, staying)
    if (!(await started.until(() => started.builds() > 0, READY_MS))) throw new Error(`never built: ${started.output()}`)
    // Some begin to listen after they have said so.
    await pause(500)
    let seen = 0
    return {
      async noticed(isEdit) {
        await started.until(() => started.builds() > seen, isEdit ? NOTICE_MS : 0)
        await pause(100)
        seen = started.builds()
      },
      report: async () => readReport(await runAll(project, [run])),
      close: started.stop,
    }
  }
}

/** A host that runs the program in itself: it is asked by a line, and answers with a report. */
export function asked(
  args: readonly string[],
  read: (output: string, project: Edited) => Report | Promise<Report> = readReport,
): Row['open'] {
  return async (project) => {
    const started = start(project.dir, { args, env: { REPORT: 'when asked' }, built: /READY/ })
    if (!(await started.until(() => started.builds() > 0, READY_MS))) throw new Error(`never ready: ${started.output()}`)
    return {
      noticed: (isEdit) => pause(isEdit ? 500 : 0),
      async report() {
        const [from, ready] = [started.output().length, started.builds()]
        started.child.stdin!.write('report\n')
        await started.until(() => started.builds() > ready, READY_MS)
        return read(started.output().slice(from), project)
      },
      close: started.stop,
    }
  }
}

/** A host that runs the program by itself whenever it has changed. What does not run again keeps its last report, and has executed nothing. */
export function rerunning(staying: Staying): Row['open'] {
  return async (project) => {
    const started = start(project.dir, staying)
    if (!(await started.until(() => started.builds() > 0, READY_MS))) throw new Error(`never ran: ${started.output()}`)
    let [seen, from] = [0, 0]
    let last: Report | undefined
    return {
      async noticed(isEdit) {
        if (seen > 0 && isEdit) await started.until(() => started.builds() > seen, NOTICE_MS)
        await pause(100)
      },
      async report() {
        const executed = seen === 0 || started.builds() > seen ? readReport(started.output().slice(from)) : undefined
        if (executed !== undefined) {
          // One edit can be told twice, and run twice: what comes late belongs to no later edit.
          await pause(SETTLED_MS)
          ;[seen, from, last] = [started.builds(), started.output().length, executed]
        }
        return executed ?? { ...last!, executed: [] }
      },
      close: started.stop,
    }
  }
}
