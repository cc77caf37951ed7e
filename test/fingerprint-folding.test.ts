// Constants that are added up, negated or compared: what compilers write down for them is the same code.

import { test } from 'uvu'
import { differs, same } from './support/fingerprints.js'
import { lowered } from './support/lowered.js'

const E = `enum E { A = 'a', B = 1, C = -1 }`
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the cases are code.
for (const [name, a, b] of [
  ['strings that are a key', `process['env']['NODE' + '_ENV']`, 'process.env.NODE_ENV'],
  ['strings that are a key of a class', `class { ['a' + 'b'] = 1; static ['c' + 'd']() {} }`, `class { ['ab'] = 1; static ['cd']() {} }`],
  ['a constant of an enum that is a key', '(x) => x[E.A]', '(x) => x.a'],
  ['a number that is a key', '(x) => x[E.B]', '(x) => x[1]'],
  [
    'primitives beside strings',
    `['a' + 1, 1 + 'a', 'a' + -1, 'a' + null, 'a' + undefined, 'a' + true + 2]`,
    `['a1', '1a', 'a-1', 'anull', 'aundefined', 'atrue2']`,
  ],
  ['sums in a sum', `(x) => x + ('a' + 1) + ('b' + 'c')`, `(x) => x + 'a1bc'`],
  ['templates without a variable', "`a${1}b${'c'}${E.B}`", `'a1bc1'`],
  ['numbers', '[1 + 2, 6 / 3, 7 % 4, 2 - 3, ~1, - -1, +"1", 5 & 6 | 8, 1 << 4]', '[3, 2, 3, -1, -2, 1, 1, 12, 16]'],
  ['constants of an enum', '[E.B + 1, -E.B, E.B | 2, E.A + E.B]', `[2, -1, 3, 'a1']`],
  ['what is no number and is calculated with', '[null + 1, true + true, "6" / "3", false | 1]', '[1, 2, 2, 1]'],
  [
    'comparisons',
    `['a' === 'b', 1 !== 2, 1 == 1, 'a' != 'a', null === undefined, null == null, undefined != undefined]`,
    '[false, true, true, false, false, true, false]',
  ],
  ['what is negated', `[!'a', !'', !null, !undefined, !E.B]`, '[false, true, true, true, false]'],
  ['types', `[typeof 'a', typeof 1, typeof true, typeof null, typeof undefined]`, `['string', 'number', 'boolean', 'object', 'undefined']`],
] as const)
  test(`K1 constants: ${name}`, () => same(`${E} export const f = ${a}`, `${E} export const f = ${b}`))

for (const [name, a, b] of [
  ['what is added', `'a' + 1`, `'a' + 2`],
  ['a number that is no text', '1 + 2', `'3'`],
  ['a name that is no constant', `(undefined) => 'a' + undefined`, `(undefined) => 'aundefined'`],
  ['an order in which numbers go first', '(x) => x + 1 + 2', '(x) => x + 3'],
  ['a minus zero', '() => -0', '() => 0'],
  ['a type that is not the same', `1 == '1'`, 'true'],
  ['a key that is no text', '(x) => x[1 + 1]', '(x) => x[3]'],
  ['what is no number, which has a name', '(NaN) => 0 / 0', '(NaN) => NaN'],
  ['a power, in which engines differ', '2 ** 3', '8'],
  ['a constant that is written to', '(((E as any).A = 2), (x) => x[E.A])', '(((E as any).A = 2), (x) => x.a)'],
] as const)
  test(`C1 constants: ${name}`, () => differs(`${E} export const f = ${a}`, `${E} export const f = ${b}`))

for (const [name, more] of [
  ['another of which is written to', `(E as any)['B'] = 3`],
  ['that is looked into and compared', 'export const g = (q: any) => [E in q, E instanceof q, q.a + E.A]'],
] as const)
  test(`K1 a constant of an enum ${name} is what it comes to`, () =>
    same(`${E}; ${more}; export const f = () => E.A`, `${E}; ${more}; export const f = () => 'a'`))

for (const [name, text] of [
  ['a key', `export const f = () => [process['env']['NODE' + '_ENV'], { ['a' + 'b']: 1 }, class { ['c' + 'd'] = 1 }]`],
  ['keys that are constants of an enum', `${E} export const f = (x) => [x[E.A], x[E.B], x[E.C], { [E.A]: 1 }, class { [E.A]() {} }]`],
  ['sums', `export const f = (x) => [('a' + 1) + x, x + ('a' + -1), \`a\` + 'b', typeof 'a' + 1, !('a' + 'b'), 'a' === 'b', -(-1), 1 + 2]`],
] as const)
  for (const [by, lower] of Object.entries(lowered)) test(`K7 ${name}, compiled by ${by}`, () => same(text, lower(text)))
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the cases are code.

test('a sum that is longer than the stack is deep is followed', () => {
  const sum = Array.from({ length: 5000 }, () => `'a'`).join(' + ')
  same(`const g = () => ${sum}; export const f = () => g() // 1`, `const g = () => '${'a'.repeat(5000)}'; export const f = () => g()`)
})

test.run()
