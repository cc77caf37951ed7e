// What is known of a value from the text alone, held against what the text really gives, and against what a bundler computes.

import { transformSync } from 'esbuild'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ConstantContext, constantOf, type Known, primitiveType } from '../transformer/constants.js'

const BOUND = { o: Object, s: 'text', n: 4, u: undefined, z: null, v: undefined, w: 'word' }
const context = (isOpening: boolean): ConstantContext => ({
  ts,
  isBound: (name) => Object.hasOwn(BOUND, name),
  constants: new Map([['n', { value: BOUND.n }]]),
  enumValues: new Map([['E.a', 5]]),
  isOpening,
})

function parsed(text: string): ts.Expression {
  const [statement] = ts.createSourceFile('x.ts', `(${text})`, ts.ScriptTarget.Latest, true).statements
  return (statement as ts.ExpressionStatement).expression
}

const knownOf = (text: string, isOpening = true): Known | undefined => constantOf(context(isOpening), parsed(text))

/** What the text really gives, or nothing where it throws. */
function realOf(text: string): { readonly value: unknown } | undefined {
  try {
    const names = { ...BOUND, E: { a: 5 } }
    return { value: new Function(...Object.keys(names), `return (${text})`)(...Object.values(names)) }
  } catch {
    return undefined
  }
}

const ARITHMETIC = ['+', '-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>']
const NUMBERS = [
  '0',
  '1',
  '3',
  '6',
  '7.5',
  '32',
  '255',
  '256',
  '70000',
  '4294967295',
  '4294967296',
  '(-1)',
  '(-40)',
  'NaN',
  'Infinity',
  'n',
  'E.a',
]
const OTHERS = ["'a'", '`b`', "''", 'true', 'false', 'null', 'undefined', '5n', '`x${1}y${true}`']
const sums = (operators: readonly string[], operands: readonly string[]): string[] =>
  operands.flatMap((a) => operands.flatMap((b) => operators.map((operator) => `${a} ${operator} ${b}`)))
const signed = (operands: readonly string[]): string[] => operands.flatMap((a) => ['!', '-', '+', '~'].map((sign) => `${sign}${a}`))

test('what is known of a value is what it is', () => {
  const texts = [...NUMBERS, ...OTHERS, ...signed([...NUMBERS, ...OTHERS]), ...sums(ARITHMETIC, [...NUMBERS, ...OTHERS])]
  let count = 0
  for (const text of texts) {
    const known = knownOf(text)
    if (known === undefined) continue
    count++
    const real = realOf(text)
    assert.ok(real !== undefined && Object.is(known.value, real.value), `${text} is not ${String(known.value)}`)
  }
  assert.ok(count > texts.length / 3, `${count} of ${texts.length}`)
})

test('the constants that open a module are computed', () => {
  const plain = NUMBERS.filter((text) => text !== 'NaN' && text !== 'Infinity')
  const texts = [...sums(ARITHMETIC, plain), ...signed([...plain, 'true', 'null']).filter((text) => !/^~[tn]/.test(text) || text === '~n')]
  assert.equal(
    [...texts, ...OTHERS, '-5n', "!'a'", '!5n', "'a' + 1", 'null + `b`', 'NaN', 'Infinity'].filter((text) => knownOf(text) === undefined),
    [],
  )
})

test('no more is known than the text tells', () => {
  const texts = ['s', 'o', 'x', '!s', '-s', '+5n', '~true', 's + 1', '1 + s', '`${s}`', 'E.b', 'o.a', 'f().a', '1 < 2', '(1, 2)', "'a' - 1"]
  assert.equal(
    texts.filter((text) => knownOf(text) !== undefined),
    [],
  )
})

test('elsewhere numbers are computed where bundlers compute them', () => {
  const texts = sums(
    ARITHMETIC,
    NUMBERS.filter((text) => !/[a-z]/i.test(text)),
  )
  const { code } = transformSync(texts.map((text) => `x(${text});`).join('\n'), { minifySyntax: true, target: 'esnext' })
  const made = [...code.matchAll(/x\((.*?)\)[,;\n]/g)].map(([, given]) => given!)
  assert.is(made.length, texts.length)
  // Infinity is printed as a quotient.
  const isComputed = (given: string): boolean => /^-?1 \/ 0$/.test(given) || !/\S\s+\S/.test(given)
  const differs = texts.filter((text, i) => (knownOf(text, false) !== undefined) !== isComputed(made[i]!))
  assert.equal(differs, [])
})

const ATOMS = ['o', 's', 'u', 'z', '1', "'a'", 'null', 'undefined', '5n', 'true', '[]', '!s', '-s', '`${s}`', 'o.a', '(s, 1)', 'typeof s']
const OPERATORS = [...ARITHMETIC, ...['==', '!=', '===', '!==', '<', '>', '<=', '>=', 'in', 'instanceof', '||', '&&', '??', ',']]
const ASSIGNED = ['=', '+=', '-=', '**=', '||=', '&&=', '??=']

test('a value that is called primitive is primitive', () => {
  const texts = [
    ...ATOMS.flatMap((a) => [`!${a}`, `-${a}`, `+${a}`, `~${a}`, `typeof ${a}`, `void ${a}`, `(delete o.x, ${a})`, `\`\${${a}}\``]),
    ...sums(OPERATORS, ATOMS).map((text) => text.replace(/^(-\S+) \*\*/, '($1) **')),
    ...ATOMS.flatMap((a) => ['v', 'w', 'o'].flatMap((name) => ASSIGNED.map((operator) => `${name} ${operator} ${a}`))),
    ...sums([': '], ATOMS).map((text) => `s ? ${text}`),
    ...sums([': '], ATOMS).map((text) => `u ? ${text}`),
    ...['delete o.x', 'v++', '--v', 'v--'],
  ]
  let count = 0
  for (const text of texts) {
    const type = primitiveType(context(false), parsed(text))
    const real = type && realOf(text)
    if (!real) continue
    count++
    const is = real.value === null ? 'null' : typeof real.value
    const isPrimitive = !['object', 'function'].includes(is)
    assert.ok(type === 'mixed' ? isPrimitive : type === is, `${text} is ${is}, not ${type}`)
  }
  assert.ok(count > texts.length / 2, `${count} of ${texts.length}`)
})

const TYPES: readonly (readonly [text: string, type: string | undefined])[] = [
  ['1', 'number'],
  ["'a'", 'string'],
  ['null', 'null'],
  ['undefined', 'undefined'],
  ['`a${o}`', 'string'],
  ['typeof o', 'string'],
  ['void o', 'undefined'],
  ['delete o.a', 'boolean'],
  ['!o', 'boolean'],
  ['+o', 'number'],
  ['-s', 'mixed'],
  ['-typeof o', 'number'],
  ['~(o + 5n)', 'mixed'],
  ['-(5n ?? o)', 'bigint'],
  ['v++', 'mixed'],
  ['o ? 1 : 2', 'number'],
  ["o ? 1 : 'a'", 'mixed'],
  ['o ? 1 : o', undefined],
  ['o ? o : 1', undefined],
  ['o === s', 'boolean'],
  ['o < s', 'boolean'],
  ['s in o', 'boolean'],
  ['o instanceof s', 'boolean'],
  ['!o || !s', 'boolean'],
  ["!o || 'a'", 'mixed'],
  ['!o && s', undefined],
  ['s || !o', undefined],
  ['o, 1', 'number'],
  ['v = 1', 'number'],
  ['v = o', undefined],
  ['v += o', 'mixed'],
  ['v ||= 1', undefined],
  ['null ?? 1', 'number'],
  ['void 0 ?? 1', 'number'],
  ['typeof o ?? s', 'string'],
  ['s + 1 ?? o', undefined],
  ['s + 1 ?? 2', 'mixed'],
  ["o + 'a'", 'string'],
  ["'a' + o", 'string'],
  ['o + s', 'mixed'],
  ['o * s', 'mixed'],
  ['s', undefined],
  ['f()', undefined],
]
for (const [text, type] of TYPES)
  test(`${text} gives ${type ?? 'what may be an object'}`, () => assert.is(primitiveType(context(false), parsed(text)), type))

test.run()
