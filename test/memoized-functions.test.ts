// What people call the functions that are given to `memoize`.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprints } from './support/steps.js'

const CASES: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['export const f = memoize(async () => 1)', ['f']],
  ['export const f = [memoize(async () => 1)]', ['f:2']],
  ['export const f = [memoize(async () => 1), memoize(async () => 2)]', ['f:2:27', 'f:2:51']],
  ['export function make() {\n  return memoize(async () => 1)\n}', ['make:3']],
  ['export function make() {\n  const g = async () => 1\n  return memoize(g)\n}', ['make:4']],
  ['export const wrap = (g: any) => memoize(g)', []],
  ['run(memoize(async () => 1)); run(memoize(async () => 2))', ['memoized:2:13', 'memoized:2:42']],
]

for (const [text, names] of CASES)
  test(`${names.join(' and ')}: ${text.replaceAll('\n', ' ')}`, () => {
    const found = fingerprints({ 'a.ts': `import { memoize } from 'mintmark'\n${text}\n` })
    assert.equal(Object.keys(found), names)
  })

test.run()
