// Mutation testing of the engine: `node dist/test/mutation/run.js [FILE-PATTERN...] [--sample N] [--seed S] [--tests N] [--again FILE] [--json]`.
// A pattern is a part of the path of a file of transformer/, whose mutants are tried, or N of them, chosen by the seed. Without a pattern it
// is 20 of each file that explained.json speaks of. `--tests` is how many tests judge a mutant at most, for a quick look: what lives then is
// not told to live by all. `--json` tells a line of JSON for each mutant as it is tried, and `--again` tries those anew that lived then.
// Ends with 1 when a mutant lives that explained.json does not explain, or when an explanation there is of no use any more.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Bench, openBench } from './bench.js'
import { readExplained, reasonsOf } from './explanations.js'
import { type Mutant, mutantsOf } from './mutants.js'

const { values, positionals: patterns } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    tests: { type: 'string' },
    again: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
/** How many mutants of each file are tried where nobody asks for a file. */
const HELD = 20
/** Tests of the engine that run in one process. What starts compilers and bundlers, or is one long test, would take minutes a mutant. */
const TESTS =
  /^(?:step-(?!fuzz)|answers-|fingerprint-(?!command|graph)|join-reads|diagnostics|constants|jsx-text|memoized-functions|workspace|references|project)/

const root = fileURLToPath(new URL('../../../', import.meta.url))
const explained = readExplained(path.join(root, 'test/mutation/explained.json'))
const earlier = values.again === undefined ? undefined : livedIn(values.again)
const files = chosenFiles()
const tests = readdirSync(path.join(root, 'test')).filter((name) => TESTS.test(name) && name.endsWith('.test.ts'))

const bench = await openBench({ root, files, tests: tests.sort().map((name) => `test/${name}`) }, Number(values.tests ?? Infinity))
for (const { name, failed } of bench.failed) console.error(`left out, since it fails without a mutant: ${name}: ${failed}`)
let first = 0
let isGood = files.length > 0
for (const file of files) {
  const mutants = mutantsOf(readFileSync(path.join(root, file), 'utf8'))
  if (!(await judge(bench, file, mutants, first))) isGood = false
  first += mutants.length
}
bench.close()
process.exitCode = isGood ? 0 : 1

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
    if (values.json) console.log(JSON.stringify({ file, line, name, state, felt, killer, message, sort: reasons.get(name)?.sort, ms }))
  }
  const names = new Set(mutants.map((m) => m.name))
  for (const name of reasons.keys()) if (!names.has(name)) lines.push(`  explained, but there is no such mutant: ${name}`)
  const told = `${file}: ${numbers.length} of ${mutants.length} mutants, ${counts.killed} killed, ${counts.explained} explained, ${counts.alive} alive`
  for (const line of [told, ...lines]) (values.json ? console.error : console.log)(line)
  return lines.length === 0
}

/** Which of them, in order: those whose names come first when the seed has mixed them, so that an edit of the file changes few. */
function sampleOf(mutants: readonly Mutant[]): readonly number[] {
  const place = mutants.map(({ name }) => createHash('sha256').update(`${values.seed} ${name}`).digest('hex'))
  const size = values.sample === undefined ? (patterns.length === 0 ? HELD : mutants.length) : Number(values.sample)
  const all = [...mutants.keys()].sort((a, b) => (place[a]! < place[b]! ? -1 : 1))
  return all.slice(0, size).sort((a, b) => a - b)
}
