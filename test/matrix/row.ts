// A row of the matrix: one host in one mode, over a project of its own, taken through all edits. Each cell says whether the stamps, what was
// executed and what came out of it are what they have to be.

import { execFile } from 'node:child_process'
import type { Workbench } from '../support/workbench.js'
import { COLUMNS, type Column, STEPS, type Step } from './edits.js'
import { type Edited, openProject, type Setting } from './project.js'

/** What a program told when it ran; a host that does not run programs tells stamps only. */
export interface Report {
  readonly stamps: Readonly<Partial<Record<Step, string>>>
  readonly results?: Readonly<Partial<Record<Step, string | number>>>
  readonly executed?: readonly string[]
}

/** A host at work on a project. */
export interface Session {
  /** Brings the output up to date and runs it. A watcher is asked again until the answer is right or its patience is at an end. */
  report(): Promise<Report>
  /** A watcher notices by itself; this waits until it may have. */
  readonly noticed?: (isEdit: boolean) => Promise<void>
  close?(): Promise<void> | void
}

export interface Row extends Setting {
  readonly host: string
  readonly mode: string
  /** Columns after which its process is started again, since Node keeps the packages that it has loaded. The stamps are fresh before that. */
  readonly restarts?: readonly string[]
  open(project: Edited): Session | Promise<Session>
}

export interface Cell {
  readonly column: string
  /** `fresh` or `same`, or what is wrong. */
  readonly verdict: string
  readonly isRight: boolean
  readonly stamps: Report['stamps']
  readonly ms: number
}

const PATIENCE_MS = 20_000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export async function takeRow(row: Row, columns: readonly Column[] = COLUMNS): Promise<Cell[]> {
  const project = openProject(row)
  const cells: Cell[] = []
  let session: Session | undefined
  let before: Report = { stamps: {} }
  try {
    for (const column of columns) {
      column.edit?.(project)
      const began = performance.now()
      const wrong = (report: Report): string => verdictOn(column, before, report)
      let [report, verdict]: [Report, string] = [before, '']
      try {
        if (cells[0]?.isRight === false) throw new Error('not reached')
        session ??= await row.open(project)
        await session.noticed?.(column.edit !== undefined)
        if (row.restarts?.includes(column.name)) {
          const [, early] = await settle(session, ({ stamps }) => wrong({ stamps }))
          if (early !== '') throw new Error(`before the restart: ${early}`)
          await session.close?.()
          session = await row.open(project)
        }
        ;[report, verdict] = await settle(session, wrong)
      } catch (error) {
        verdict = `ERROR ${(error as Error).message}`
      }
      const isRight = verdict === ''
      const right = column.changes.length > 0 ? 'fresh' : 'same'
      cells.push({ column: column.name, verdict: isRight ? right : verdict, isRight, stamps: report.stamps, ms: performance.now() - began })
      // What follows is judged by what should have been, as far as it is known.
      before = { ...report, results: { ...before.results, ...column.results } }
    }
  } finally {
    await session?.close?.()
    project.remove()
  }
  return cells
}

async function settle(session: Session, wrong: (report: Report) => string): Promise<[Report, string]> {
  const end = performance.now() + (session.noticed ? PATIENCE_MS : 0)
  for (;;) {
    let trouble: unknown
    const report = await session.report().catch((error: unknown) => void (trouble = error))
    const verdict = report && wrong(report)
    if (verdict === '') return [report!, '']
    if (performance.now() >= end) {
      if (report === undefined) throw trouble
      return [report, verdict!]
    }
    await pause(300)
  }
}

function verdictOn(column: Column, before: Report, { stamps, results, executed }: Report): string {
  const missing = STEPS.filter((step) => !/^[0-9a-f]{64}$/.test(stamps[step] ?? ''))
  if (missing.length > 0) return `NO STAMP of ${missing}`
  const changed = STEPS.filter((step) => stamps[step] !== before.stamps[step])
  const stale = column.changes.filter((step) => !changed.includes(step))
  if (stale.length > 0) return `STALE ${stale}`
  const needless = changed.filter((step) => !column.changes.includes(step))
  if (needless.length > 0) return `CHANGED ${needless}`
  if (results !== undefined) {
    const expected: Report['results'] = { ...before.results, ...column.results }
    const wrong = STEPS.filter((step) => results[step] !== expected[step])
    if (wrong.length > 0) return `WRONG ${wrong.map((step) => `${step} ${results[step]}`)}`
  }
  if (executed !== undefined) {
    const expected = column.executes ?? column.changes
    if (String([...executed].sort()) !== String([...expected].sort())) return `EXECUTED ${executed.length > 0 ? executed : 'nothing'}`
  }
  return ''
}

/** Reads what the program of the project prints. */
export function readReport(output: string): Report {
  const [, json] = [...output.matchAll(/REPORT (\{.*\})/g)].at(-1) ?? []
  if (json === undefined) throw new Error(`no report in ${JSON.stringify(output.slice(-500))}`)
  return { ...(JSON.parse(json) as Report), executed: [...output.matchAll(/executing (\w+)/g)].map(([, step]) => step!) }
}

/** Runs commands to their ends, each `node` with arguments; the output of the last one. Other rows go on meanwhile. */
export async function runAll(
  { dir }: Workbench,
  commands: readonly (readonly string[])[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { MINTMARK_MODE, MINTMARK_STRICT, ...inherited } = process.env
  let output = ''
  for (const command of commands) {
    output = await new Promise((resolve, reject) =>
      execFile(process.execPath, command, { cwd: dir, env: { ...inherited, NO_COLOR: '1', ...env } }, (error, stdout, stderr) => {
        if (error) reject(new Error(`node ${command.join(' ')}: ${stdout}${stderr}`.slice(0, 1000)))
        else resolve(stdout + stderr)
      }),
    )
  }
  return output
}

/** A mode of which every build is a process, or several; the last command runs what was built. */
export function built(...commands: readonly (readonly string[])[]): Row['open'] {
  return (project) => ({ report: async () => readReport(await runAll(project, commands)) })
}
