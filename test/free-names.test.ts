// The names that nothing in a module binds, as whoever replaces such names is told of them.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { complete } from '../transformer/outlines.js'
import { parse, summarize } from '../transformer/summarize.js'
import { typescript } from './support/fingerprints.js'

const CASES: readonly (readonly [code: string, free: readonly string[]])[] = [
  ['FLAG', ['FLAG']],
  ['process.env.MODE', ['process.env.MODE']],
  ["process['env'].MODE", ['process.env.MODE']],
  ['process.env[FLAG].x', ['FLAG', 'process.env']],
  ['import.meta', ['import.meta']],
  ['import.meta.env.MODE', ['import.meta.env.MODE']],
  ['window.x + Math.PI', ['window.x']],
  ['((FLAG) => FLAG)(1)', []],
]

function freeOf(code: string): readonly string[] {
  const ts = typescript()
  const { declarations } = complete(summarize(ts, parse(ts, 'a.ts', `export const f = () => ${code}`, 'ts'), 'ts'))
  return [...(declarations[0]!.free ?? [])].sort()
}

for (const [code, free] of CASES)
  test(`of \`${code}\` the names ${free.join(', ') || 'that are free are none'}`, () => assert.equal(freeOf(code), free))

test('of code that is nested deeper than the stack whatever may be one', () => {
  assert.equal(freeOf(`x${'.a()'.repeat(20000)}`), ['a', 'const', 'export', 'f', 'x.a'])
})

test.run()
