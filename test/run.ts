// The test runner: `node dist/test/run.js [--root DIR] [--jobs N] [--timeout MS] [--file FILE | pattern...]`.
// What is expected comes from the sources (test/**/*.test.ts), what runs is the compiled file of the same name, each in its own process.
// A file passes only when its process reported that every test of it ran and passed, and then ended by itself with exit code 0:
// uvu alone exits 0 on a missing `test.run()`, a throw in a hook, a thrown string and a leftover `.only`.
// A pattern is a part of a file's path; `--file test/x.ts` runs that one, which need not end with `.test.ts`.
// The last line is `N passed, N failed`, counted in tests; a file that could not run counts as one.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { FileReport } from './support/harness.js'

interface Outcome {
  readonly file: string
  readonly passed: number
  readonly failed: number
  /** Why the file failed; empty when it passed. */
  readonly problems: readonly string[]
  readonly output: string
  readonly ms: number
}

const HARNESS = fileURLToPath(new URL('./support/harness.js', import.meta.url))
const OUTPUT_LIMIT = 20_000
const running = new Set<number>()

const { values, positionals: patterns } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    jobs: { type: 'string', default: '2' },
    file: { type: 'string' },
    timeout: { type: 'string', default: '120000' },
  },
})
const root = resolve(values.root)
const timeout = Number(values.timeout)

process.on('exit', () => running.forEach(killGroup))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const files = values.file === undefined ? expectedFiles() : [values.file]
const unmatched = patterns.filter((pattern) => !files.some((file) => file.includes(pattern)))
const chosen = patterns.length === 0 ? files : files.filter((file) => patterns.some((pattern) => file.includes(pattern)))
let passed = 0
let failed = 0

for (const pattern of unmatched) fail(`FAIL  no test file matches ${JSON.stringify(pattern)}`)
if (files.length === 0) fail(`FAIL  no test files below ${join(root, 'test')}`)
const queue = [...chosen]
await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs) || 1) }, worker))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function fail(line: string): void {
  failed++
  console.log(line)
}

/** `test/**\/*.test.ts` below the root, with forward slashes, in code-unit order. */
function expectedFiles(): string[] {
  if (!existsSync(join(root, 'test'))) return []
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/fixtures/'))
    .sort()
}

async function worker(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const outcome = await runFile(file)
    passed += outcome.passed
    failed += outcome.failed
    show(outcome)
  }
}

async function runFile(file: string): Promise<Outcome> {
  const compiled = join(root, 'dist', file.replace(/\.ts$/, '.js'))
  if (!existsSync(compiled)) return { file, passed: 0, failed: 1, problems: [`not compiled: ${compiled} is missing`], output: '', ms: 0 }
  const started = performance.now()
  // A process group of its own, so that nothing a test started outlives it.
  const child = spawn(process.execPath, ['--enable-source-maps', HARNESS, compiled], {
    cwd: root,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  })
  const pid = child.pid!
  running.add(pid)
  let report: FileReport | undefined
  let current = ''
  let output = ''
  let late = false
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT)
  }
  child.stdout!.on('data', keep)
  child.stderr!.on('data', keep)
  child.on('message', (message: FileReport | { started: string }) => {
    if ('started' in message) current = message.started
    else report = message
  })
  const timer = setTimeout(() => {
    late = true
    killGroup(pid)
  }, timeout)
  child.on('exit', () => killGroup(pid))
  const [code, signal] = await new Promise<[number | null, string | null]>((done) => child.on('close', (...end) => done(end)))
  clearTimeout(timer)
  running.delete(pid)

  const problems = report ? [...report.problems] : []
  const during = current ? ` during "${current}"` : ''
  if (late) problems.push(`time limit of ${timeout} ms reached${report ? ' after the last test: something is still open' : during}`)
  else if (code !== 0) problems.push(`the process ended with ${signal ?? `exit code ${code}`}${report ? ' after the last test' : during}`)
  else if (!report) problems.push(`the process ended before its tests did${during}`)
  const bad = (report?.total ?? 0) - (report?.passed ?? 0)
  const ms = Math.round(performance.now() - started)
  return { file, passed: report?.passed ?? 0, failed: problems.length === 0 ? 0 : Math.max(bad, 1), problems, output, ms }
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

function show({ file, passed, failed, problems, output, ms }: Outcome): void {
  if (problems.length === 0) {
    console.log(`ok    ${file}  ${passed} passed  ${ms} ms`)
    return
  }
  console.log(`FAIL  ${file}  ${passed} passed, ${failed} failed  ${ms} ms`)
  for (const problem of problems) console.log(indent(problem))
  if (output.trim() !== '') console.log(indent(`output:\n${indent(output.trimEnd())}`))
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '      ')
}
