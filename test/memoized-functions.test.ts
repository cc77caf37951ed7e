// What people call the functions that are given to `memoize`.

import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { functionRoots } from '../transformer/memoized-functions.js'
import { parse } from '../transformer/summarize.js'
import { fingerprints } from './support/steps.js'

const CASES: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['export const f = memoize(async () => 1)', ['f']],
  ['export const f = [memoize(async () => 1)]', ['f:2']],
  ['export const f = [memoize(async () => 1), memoize(async () => 2)]', ['f:2:27', 'f:2:51']],
  ['export function make() {\n  return memoize(async () => 1)\n}', ['make:3']],
  ['export function make() {\n  const g = async () => 1\n  return memoize(g)\n}', ['make:4']],
  ['export const wrap = (g: any) => memoize(g)', []],
  ['run(memoize(async () => 1)); run(memoize(async () => 2))', ['memoized:2:13', 'memoized:2:42']],
  ['var f = memoize(async () => 1); var f = memoize(async () => 2)', ['f:2:17', 'f:2:49']],
  ['const { f } = { f: memoize(async () => 1) }', ['memoized:2']],
  ['class C {\n  f = memoize(async () => 1)\n  constructor() { this.g = memoize(async () => 2) }\n}', ['memoized:3', 'memoized:4']],
]

for (const [text, names] of CASES)
  test(`${names.join(' and ')}: ${text.replaceAll('\n', ' ')}`, () => {
    const found = fingerprints({ 'a.ts': `import { memoize } from 'mintmark'\n${text}\n` })
    assert.equal(Object.keys(found), names)
  })

test('of a tree that stays the functions are looked for anew where other calls memoize', () => {
  const file = parse(ts, 'a.ts', 'export const f = wrap(async () => 1); export const g = other(async () => 1)', 'ts')
  const read = (name: string) => functionRoots(ts, file, [file.text.indexOf(`${name}(`)])
  const starts = (name: string) => read(name).map(({ start }) => file.text.slice(start - 6, start))
  assert.equal([starts('wrap'), starts('other'), starts('none')], [[' wrap('], ['other('], []])
  assert.is(read('wrap'), read('wrap'), 'and otherwise they are not')
})

// Nobody asks for the code of these functions but whoever looks for calls of `memoize`, and that by the names that they say.
const WRAPPERS = `import { memoize } from 'mintmark'
export const one = (f: any) => memoize(f)
export function two(f: any) { return one(f) }
export default (f: any) => two(f)
export { memoize as other }
`
const UNASKED: readonly (readonly [text: string, names: readonly string[]])[] = [
  [`import { memoize } from 'mintmark'; export function f() { return memoize(async () => 1) }`, ['f:1']],
  [`import { memoize as m } from 'mintmark'; export const f = () => m(async () => 1)`, ['f:1']],
  [`import * as mm from 'mintmark'; export function f() { return mm.memoize(async () => 1) }`, ['f:1']],
  [`import { memoize } from 'mintmark'; export function f() { return m\\u0065moize(async () => 1) }`, ['f:1']],
  [`import { two } from './wrappers.js'; export function f() { return two(async () => 1) }`, ['f:1']],
  [`import wrap from './wrappers.js'; export function f() { return wrap(async () => 1) }`, ['f:1']],
  [`import { other } from './wrappers.js'; export function f() { return other(async () => 1) }`, ['f:1']],
  [`import * as w from './wrappers.js'; export function f() { return w.one(async () => 1) }`, ['f:1']],
  [
    `import { memoize } from 'mintmark'; const w = (f: any) => memoize(f); const v = (f: any) => w(f); export const g = () => v(async () => 1)`,
    ['g:1'],
  ],
  [`import { two } from './wrappers.js'; const v = two; export function f() { return v(async () => 1) }`, ['f:1']],
  [`import './wrappers.js'; const two = (f: any) => f; export function f() { return two(async () => 1) }`, []],
]

for (const [text, names] of UNASKED)
  test(`${names.join(' and ') || 'none'}: ${text}`, () => {
    assert.equal(Object.keys(fingerprints({ 'a.ts': text, 'wrappers.ts': WRAPPERS })), names)
  })

test('what follows on a call that memoizes is given no function to memoize', () => {
  const text = 'memoize(async () => 1).then(async () => 2)'
  const found = fingerprints({ 'a.ts': `import { memoize } from 'mintmark'\n${text}\n` })
  assert.equal(Object.keys(found), ['memoized:2'])
})

test.run()
