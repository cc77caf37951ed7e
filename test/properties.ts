// The property tests from another place, and for longer: `npm run test:properties`; `--help` tells the rest.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCommand, wholeNumber } from './support/usage.js'

const { seed, times } = openCommand(
  'npm run test:properties --',
  'The tests that try values drawn at random, with others and with more of them.',
)
  .option('--seed <n>', 'which ones (default: others each time)', wholeNumber)
  .option('--times <n>', 'so many times as many as `npm test` tries', wholeNumber, 20)
  .addHelpText('after', '\nExit codes: 0 nothing fails, 1 something does, 2 usage.')
  .parse()
  .opts<{ seed?: number; times: number }>()

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = readdirSync(path.join(root, 'test')).filter((name) => {
  return name.endsWith('.test.ts') && readFileSync(path.join(root, 'test', name), 'utf8').includes("'./support/draws.js'")
})
const from = String(seed ?? (Date.now() % 1_000_000_000) + 1)
console.log(`seed ${from}, ${times} times`)
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'dist/test/run.js'), '--timeout', String(120_000 * times), ...files.map((name) => `test/${name}`)],
  { stdio: 'inherit', env: { ...process.env, MINTMARK_TEST_SEED: from, MINTMARK_TEST_TIMES: String(times) } },
)
process.exitCode = status ?? 1
