// Mutation testing of the engine: `npm run test:mutation`; `--help` tells the rest. The files are shared out among `--jobs` processes.
// Ends with 1 when a mutant lives that explained.json does not explain, or when an explanation there is of no use any more.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCommand, wholeNumber } from '../support/usage.js'
import { type Bench, openBench } from './bench.js'
import { readExplained, reasonsOf } from './explanations.js'
import { type Mutant, mutantsOf } from './mutants.js'

interface Wanted {
  readonly sample?: number
  readonly seed: string
  readonly tests?: number
  readonly jobs: number
  readonly again?: string
  readonly json?: true
}

const command = openCommand(
  'npm run test:mutation --',
  'The engine with small faults put into it, one at a time: which of them no test notices.',
)
  .argument('[file...]', 'parts of the paths of files of transformer/ (default: a sample of each that explained.json speaks of)')
  .option('--sample <n>', 'so many mutants of each file (default: all of the files that are named, 20 of each otherwise)', wholeNumber)
  .option('--seed <text>', 'which ones', '1')
  .option('--tests <n>', 'let at most so many tests judge each, for a quick look', wholeNumber)
  .option('--jobs <n>', 'processes', wholeNumber, 2)
  .option('--again <file>', 'only those that lived by such an account as --json gives')
  .option('--json', 'print a line for each mutant as it is tried; what is told goes to standard error')
  .addHelpText('after', '\nExit codes: 0 nothing lives that is not explained, 1 something does, 2 usage.')
  .parse()
const patterns = command.args
const wanted = command.opts<Wanted>()
/** How many mutants of each file are tried where nobody asks for a file. */
const HELD = 20
/** Tests of the engine that run in one process. What starts compilers and bundlers, or is one long test, would take minutes a mutant. */
const TESTS =
  /^(?:step-(?!fuzz)|answers-|fingerprint-(?!command|graph)|dependencies|join-reads|diagnostics|constants|jsx-text|memoized-functions|outlines|workspace|references|project|disk|options|free-names|replacements)/

const root = fileURLToPath(new URL('../../../', import.meta.url))
const explained = readExplained(path.join(root, 'test/mutation/explained.json'))
const earlier = wanted.again === undefined ? undefined : livedIn(wanted.again)
const tests = readdirSync(path.join(root, 'test')).filter((name) => TESTS.test(name) && name.endsWith('.test.ts'))
const files = chosenFiles()
if (files.length === 0) command.error('error: no file of transformer/ has such a path')
const shares = Array.from({ length: wanted.jobs }, (_, job) => files.filter((_, i) => i % wanted.jobs === job))
const areGood = await Promise.all(shares.filter((share) => share.length > 0).map(judgeAll))
process.exitCode = areGood.every(Boolean) ? 0 : 1

/** Tries the mutants of some files, one after the other. */
async function judgeAll(share: readonly string[], job: number): Promise<boolean> {
  const bench = await openBench(
    { root, files: share, tests: tests.sort().map((name) => `test/${name}`) },
    wanted.tests ?? Number.POSITIVE_INFINITY,
  )
  if (job === 0) for (const { name, failed } of bench.failed) console.error(`left out, since it fails without a mutant: ${name}: ${failed}`)
  let first = 0
  let isGood = true
  for (const file of share) {
    const mutants = mutantsOf(readFileSync(path.join(root, file), 'utf8'))
    if (!(await judge(bench, file, mutants, first))) isGood = false
    first += mutants.length
  }
  bench.close()
  return isGood
}

function chosenFiles(): readonly string[] {
  if (patterns.length === 0) return Object.keys(explained)
  const all = readdirSync(path.join(root, 'transformer'), { recursive: true, encoding: 'utf8' }).map((name) => `transformer/${name}`)
  return all.filter((file) => file.endsWith('.ts') && patterns.some((pattern) => file.includes(pattern))).sort()
}

/** The mutants that lived by an earlier account. */
function livedIn(account: string): ReadonlySet<string> {
  const told = readFileSync(account, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return new Set(told.filter(({ state }) => state === 'alive').map(({ file, name }) => `${file} ${name}`))
}

/** Tries the mutants of one file and tells what they came to. */
async function judge(bench: Bench, file: string, mutants: readonly Mutant[], first: number): Promise<boolean> {
  const reasons = reasonsOf(explained, file)
  const numbers = sampleOf(mutants).filter((n) => earlier === undefined || earlier.has(`${file} ${mutants[n]!.name}`))
  const counts = { killed: 0, explained: 0, alive: 0 }
  const lines: string[] = []
  for (const n of numbers) {
    const { name, line } = mutants[n]!
    const started = performance.now()
    const { killer, message, felt } = await bench.attempt(first + n, file, name)
    const state = killer !== undefined ? 'killed' : reasons.has(name) ? 'explained' : 'alive'
    counts[state]++
    if (state === 'alive') lines.push(`  ${file}:${line} ${name}${felt ? '' : '  (no test in which it makes a difference)'}`)
    if (state === 'killed' && reasons.has(name)) lines.push(`  explained, but killed by "${killer}": ${name}`)
    const ms = Math.round(performance.now() - started)
    if (wanted.json) console.log(JSON.stringify({ file, line, name, state, felt, killer, message, sort: reasons.get(name)?.sort, ms }))
  }
  const names = new Set(mutants.map((m) => m.name))
  for (const name of reasons.keys()) if (!names.has(name)) lines.push(`  explained, but there is no such mutant: ${name}`)
  const told = `${file}: ${numbers.length} of ${mutants.length} mutants, ${counts.killed} killed, ${counts.explained} explained, ${counts.alive} alive`
  for (const line of [told, ...lines]) (wanted.json ? console.error : console.log)(line)
  return lines.length === 0
}

/** Which of them, in order: those whose names come first when the seed has mixed them, so that an edit of the file changes few. */
function sampleOf(mutants: readonly Mutant[]): readonly number[] {
  const place = mutants.map(({ name }) => createHash('sha256').update(`${wanted.seed} ${name}`).digest('hex'))
  const size = wanted.sample ?? (patterns.length === 0 ? HELD : mutants.length)
  const all = [...mutants.keys()].sort((a, b) => (place[a]! < place[b]! ? -1 : 1))
  return all.slice(0, size).sort((a, b) => a - b)
}
