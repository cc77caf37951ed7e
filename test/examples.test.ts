// Every example, compiled and run as a user would; what is asserted is what was executed.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openWorkbench, type Workbench } from './support/workbench.js'

function example(name: string, run: (bench: Workbench) => void): void {
  test(`examples/${name}`, () => {
    const bench = openWorkbench(`examples/${name}`)
    try {
      run(bench)
    } finally {
      bench.remove()
    }
  })
}

/** Compiles what was edited and runs. */
function rebuilt(
  bench: Workbench,
  ...given: readonly [args: readonly string[], pattern: RegExp, status?: number, env?: Record<string, string>]
): string[] {
  const { status, stdout, stderr } = bench.compile()
  assert.is(status, 0, stdout + stderr)
  return executed(bench, ...given)
}

/** The lines on standard error that match. */
function executed(bench: Workbench, args: readonly string[], pattern: RegExp, status = 0, env?: Record<string, string>): string[] {
  const { stderr, stdout, status: actual } = bench.node(args, env)
  assert.is(actual, status, stdout + stderr)
  return stderr
    .split('\n')
    .filter((line) => pattern.test(line))
    .sort()
}

const SIX = [
  'executing cachedStep(1)',
  'executing cachedStep(15)',
  'executing cachedStep(2)',
  'executing cachedStep(3)',
  'executing cachedStep(4)',
  'executing cachedStep(9)',
]

example('memoizing-flow', (bench) => {
  const command = [['dist/flow.js', 'run'], /^executing/] as const
  const run = (): string[] => rebuilt(bench, ...command)
  bench.edit('src/multiply.ts', 'setTimeout(500)', 'setTimeout(5)')
  assert.equal(run(), SIX)
  assert.equal(executed(bench, ...command), [])
  bench.edit('src/factor.ts', 'FACTOR = 100', 'FACTOR = 1000')
  assert.equal(run(), SIX)
  assert.match(bench.node(['dist/flow.js', 'run']).stdout, 'results: 4000, 1000, 2000, 3000, 9000, 15000')
  bench.edit('src/multiply.ts', 'multiply(value: number)', 'multiply(/* what */ amount: number)')
  bench.edit('src/multiply.ts', 'return value', 'return amount')
  bench.edit('src/flow.ts', "console.log('done')", "console.log('finished')")
  assert.equal(run(), [])
})

example('plain-functions', (bench) => {
  const command = [['dist/main.js'], /^executing/] as const
  const run = (): string[] => rebuilt(bench, ...command)
  const six = SIX.map((line) => line.replace('cachedStep', 'slow'))
  bench.edit('src/multiply.ts', 'setTimeout(500)', 'setTimeout(5)')
  assert.equal(run(), six)
  assert.equal(executed(bench, ...command), [])
  bench.edit('src/factor.ts', 'FACTOR = 100', 'FACTOR = 1000')
  assert.equal(run(), six)
  bench.edit('src/main.ts', 'results: ', 'the results: ')
  bench.edit('src/factor.ts', 'FACTOR = 1000', 'FACTOR = 1_000 // thousand')
  assert.equal(run(), [])
})

example('resumable-step', (bench) => {
  const pages = /^fetching/
  const early = ['fetching page 1', 'fetching page 2', 'fetching page 3', 'fetching page 4']
  assert.equal(rebuilt(bench, ['dist/flow.js', 'run'], pages, 1, { FAIL_AT: '5' }), early)
  assert.equal(executed(bench, ['dist/flow.js', 'resume'], pages), ['fetching page 5', 'fetching page 6'])
})

test.run()
