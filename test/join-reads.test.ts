// What a join reads of its branches: told from its text, claimed in its stamp, counted in its key, watched while it runs.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { ran } from './support/flows.js'
import { type StepStamps, stamped } from './support/stamps.js'
import { changed, type Files, stampOf } from './support/steps.js'

function flow(body: string, { parameter = 'inputs: Inputs<F>', members = '', decorators = '' } = {}): Files {
  const text = `import { FlowSpec, step, memoize, type Inputs } from 'mintmark'
declare const use: any
export class F extends FlowSpec { a = 1; b = 2; out: any
${members}
@step @memoize({}) ${decorators} j(${parameter}) { ${body}; this.next(this.end) }
@step end() {} }`
  return { 'flow.ts': text }
}

const TOLD: readonly (readonly [body: string, names: string, parameter?: string])[] = [
  ['this.out = inputs.map((i) => i.a)', 'a'],
  ['this.out = inputs.map(({ a, b: c }) => a + c)', 'a b'],
  ['this.out = inputs.map(function (i) { return i.a })', 'a'],
  ['this.out = inputs.map((i, n, all) => i.a + n + all[0]!.b)', 'a b'],
  ['for (const i of inputs) this.out += i.a', 'a'],
  ['for (const { a } of inputs) this.out += a', 'a'],
  ['for (const [n, i] of inputs.entries()) this.out += i.a * n', 'a'],
  ['for (let n = 0; n < inputs.length; n++) this.out += inputs[n]!.a', 'a'],
  ['this.out = inputs[0]!.a', 'a'],
  ["this.out = inputs[0]!['a']", 'a'],
  ['this.out = inputs[0]?.a ?? 0', 'a'],
  ['this.out = inputs.at(-1)!.a', 'a'],
  ['this.out = inputs.left!.a + inputs.right!.b', 'a b'],
  ['const { left, right } = inputs; this.out = left!.a + right!.b', 'a b'],
  ['const [first, ...rest] = inputs; this.out = first!.a + rest.map((i) => i.b).length', 'a b'],
  ['const all = inputs; const one = all[0]!; this.out = one.a', 'a'],
  ['const { a } = inputs[0]!; this.out = a', 'a'],
  ['this.out = inputs.filter((i) => i.b).map((i) => i.a)', 'a b'],
  ['this.out = inputs.find((i) => i.b)!.a', 'a b'],
  ['this.out = [...inputs].map((i) => i.a)', 'a'],
  ['this.out = [inputs.left!, inputs.right!].map((i) => i.a)', 'a'],
  ['this.out = inputs.slice(1).toSorted((x, y) => x.b - y.b)[0]!.a', 'a b'],
  ['this.out = inputs.reduce((sum, i) => sum + i.a, 0)', 'a'],
  ['this.out = inputs.some((i) => i.a) ? inputs[0]!.b : 0', 'a b'],
  ['const best = inputs[0]!.a > 1 ? inputs[0]! : inputs[1]!; this.out = best.b', 'a b'],
  ['if (inputs[0] !== undefined) this.out = inputs[0].a', 'a'],
  ['switch (1) { case this.b: { const i = inputs[0]!; this.out = i.a } }', 'a'],
  ['switch (1) { case this.b: const i = inputs[0]!; this.out = i.a }', 'a'],
  ['try { this.out = inputs[0]!.a } catch (e) { use(e) }', 'a'],
  ['this.out = { a: inputs[0]!.a, list: inputs.map((i) => ({ b: i.b })) }', 'a b'],
  ['use(inputs[0]!.a, inputs.length)', 'a'],
  ['this.out = inputs.map((i) => [i.input, i.index])', 'index input'],
  ['this.out = inputs[0]!.a', 'a', 'this: F, inputs: Inputs<F>'],
  ['this.out = left!.a', 'a', '{ left }: Inputs<F>'],
  ['this.out = first!.a', 'a', '[first]: Inputs<F>'],
  ['this.out = inputs.length', ''],
  ['const inputs2 = [1]; this.out = inputs2.map((i) => i)', ''],
  ['this.out = [1].map((inputs) => use(inputs))', ''],
  ['this.out = { inputs: 1 }', ''],
  ['this.out = !inputs[0]', ''],
  ['this.out = [...[1, 2]]; this.out = inputs[0]!.a', 'a'],
  ['this.out = (this.b && inputs[0])!.a', 'a'],
  ['const [x] = [this.b]; this.out = inputs[0]!.a + x', 'a'],
  ['const n = (...list: any[]) => list.length; this.out = inputs[0]!.a + n(1)', 'a'],
  ['this.out = inputs.map((i, n, all, ...none) => i.a)', 'a'],
  ['for (const e of inputs.entries()) this.out += e[1].a', 'a'],
  ...['forEach', 'some', 'every', 'findIndex', 'findLastIndex', 'find', 'findLast', 'filter', 'flatMap'].map(
    (name) => [`this.b = inputs.${name}((i) => i.a) === undefined`, 'a'] as const,
  ),
  ['this.out = inputs.reduceRight((sum, i, n, all) => sum + i.a + all[0]!.b, 0)', 'a b'],
  ['this.out = inputs.toSorted((x, y) => x.a - y.b).length', 'a b'],
  ...['slice', 'toReversed', 'values'].map((name) => [`for (const i of inputs.${name}()) this.out = i.a`, 'a'] as const),
  ['this.out = [...inputs.keys()]', ''],
  ['const [, second] = inputs; this.out = second!.a', 'a'],
  ['const i = inputs[0]!; { const i = this.b; use(i) } this.out = i.a', 'a'],
]
for (const [body, names, parameter] of TOLD)
  test(`a join reads ${names || 'nothing'} of its branches: ${body}`, () => {
    const stamp = stampOf(flow(body, parameter === undefined ? {} : { parameter }), 'F.j')
    assert.is(stamp.branchReads?.join(' '), names)
    assert.ok(stamp.reads)
  })

const WIDE: readonly (readonly [body: string, more?: Parameters<typeof flow>[1]])[] = [
  ['use(inputs)'],
  ['use(inputs[0])'],
  ['use(...inputs)'],
  ['use({ inputs })'],
  ['use({ ...inputs[0] })'],
  ['this.out = inputs[0]'],
  ['this.out = inputs.map((i) => ({ i }))'],
  ['this.out = inputs.map(use)'],
  ['this.out = inputs.flatMap((i) => [i])'],
  ['this.out = inputs[0]![this.b]'],
  ['this.out = Object.keys(inputs[0]!)'],
  ['this.out = `${inputs[0]}`'],
  ['const { a, ...rest } = inputs[0]!; use(a, rest)'],
  ['let i: any; i = inputs[0]; this.out = i.a'],
  ['const f = () => inputs[0]; this.out = f()!.a'],
  ['function f() { return inputs[0] } this.out = f()!.a'],
  ['const o = { get i() { return inputs[0] } }; this.out = o.i!.a'],
  ['for (const n in inputs) this.out = n'],
  ['this.out = inputs.reduce((x, y) => (x.a > y.a ? x : y)).b'],
  ['this.out = inputs.reduce((x: any, y) => x.a + y.b)'],
  ['this.out = inputs.sort((x, y) => x.a - y.b).length'],
  ['for (const [...entry] of inputs.entries()) this.out += (entry[1] as any).a'],
  ['const [x] = inputs[0]! as any; this.out = x'],
  ["this.out = 'a' in inputs[0]!"],
  ['this.out = arguments[0]'],
  ['this.helper(inputs)', { members: 'helper(x: any) { return x }' }],
  ['this.out = inputs[0]!.a', { decorators: '@use' }],
  ['this.out = inputs[0]!.a', { parameter: 'inputs: any = []' }],
  ['this.out = all[0]!.a', { parameter: '...all: any[]' }],
  ['this.out = inputs[0]!.a', { members: 'mergeArtifacts() {}' }],
  ['use(this); this.out = inputs[0]!.a'],
  ['this.out = inputs[0]!.a', { parameter: 'inputs: Inputs<F>, more: any' }],
  ['this.out = inputs.concat.length'],
  ['this.out = inputs.concat((i: any) => i.a, 1)'],
  ['this.out = -inputs[0]!'],
  ['this.out = inputs[0]! + 1'],
  ['this.out = 1 + inputs[0]!'],
  ['this.out = use[inputs[0]!]'],
  ['for (const x of inputs[0]!) this.out = x'],
  ['let i: any; for (i of inputs) this.out = i.a'],
  ['this.out = [...inputs[0]!].map((i) => i.a)'],
  ['class K { m() { return inputs[0] } } this.out = new K().m()!.a'],
  ['this.out = inputs.map(async (i) => i)'],
  ['this.mergeArtifacts(use)'],
  ['this.mergeArtifacts(inputs, inputs[0])'],
  ['this.out = inputs.find(function* (i) { yield i })'],
]
for (const [body, more] of WIDE)
  test(`nothing is claimed of what a join reads: ${body}${more ? ` (${Object.values(more)})` : ''}`, () => {
    const stamp = stampOf(flow(body, more), 'F.j')
    assert.equal([stamp.branchReads, stamp.reads], [undefined, undefined])
  })

const MERGES: readonly (readonly [call: string, merges: unknown])[] = [
  ['this.mergeArtifacts(inputs)', [{}]],
  ["this.mergeArtifacts(inputs, { include: ['a'] })", [{ include: ['a'] }]],
  ["this.mergeArtifacts(inputs, { exclude: ['a', 'b'] })", [{ exclude: ['a', 'b'] }]],
  [
    "this.mergeArtifacts(inputs, { include: ['a'] }); this.mergeArtifacts(inputs, { include: ['b'] })",
    [{ include: ['a'] }, { include: ['b'] }],
  ],
  ['this.mergeArtifacts(inputs, { include: use })', [{}]],
  ["this.mergeArtifacts(inputs, { include: ['a', use] })", [{}]],
  ['this.mergeArtifacts(inputs, use)', [{}]],
  ['this.mergeArtifacts(inputs, { ...use })', [{}]],
  ['this.mergeArtifacts([inputs.left!, inputs.right!])', [{}]],
]
for (const [call, merges] of MERGES) test(`what a join merges: ${call}`, () => assert.equal(stampOf(flow(call), 'F.j').merges, merges))

const METHODS =
  'm() { return this.b } get g() { return this.a } set w(v: any) { use(v, 7) } other() { return 1 } static s() { return 3 } deep = 5'
const ON_BRANCHES: readonly (readonly [body: string, from: string, to: string, changes: boolean])[] = [
  ['this.out = inputs[0]!.m()', 'return this.b', 'return -this.b', true],
  ['this.out = inputs.map((i) => i.g)', 'return this.a', 'return -this.a', true],
  ['const { g } = inputs[0]!; this.out = g', 'return this.a', 'return -this.a', true],
  ['this.out = inputs[0]!.m()', 'return 1', 'return 2', false],
  ['use(inputs, (x: any) => x.m())', 'return this.b', 'return -this.b', true],
  ['use(inputs, (x: any) => x[this.a]())', 'return 1', 'return 2', true],
  ['use(inputs)', 'return 1', 'return 2', false],
  ['this.out = inputs[0]!.join', '@step join() {', '@step join() { use(1)', false],
  ['this.out = inputs[0]!.a + new Plain().other()', 'return 1', 'return 2', false],
  ['use(inputs, (x: any) => x.s())', 'return 3', 'return 4', false],
  ['use(inputs, (x: any) => x.deep)', 'deep = 5', 'deep = 6', false],
  ['use(inputs, (x: any) => { x.w = 1 })', 'use(v, 7)', 'use(v, 8)', true],
  ['use(inputs).join()', '@step join() {', '@step join() { use(1)', false],
]
for (const [body, from, to, changes] of ON_BRANCHES)
  test(`with \`${body}\`, ${to} for ${from} ${changes ? 'changes' : 'keeps'} the join`, () => {
    const files = flow(body, { members: `${METHODS}\n@step join() { this.next(this.end) }` })
    const plain = '\nclass Plain { other() { return 0 } }'
    const edited = files['flow.ts']!.replace(from, to)
    assert.is.not(edited, files['flow.ts'])
    assert.is(changed({ 'flow.ts': files['flow.ts'] + plain }, { 'flow.ts': edited + plain }).includes('F.j'), changes)
  })

test('what a method reads that runs on a branch is read of the branch', () => {
  assert.equal(stampOf(flow('this.out = inputs[0]!.m()', { members: METHODS }), 'F.j').branchReads, ['b', 'm'])
})

let warnings: string[] = []
let stop = () => {}
test.before.each(() => {
  warnings = []
  forgetWarnings()
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())

interface Joined {
  /** `a` and `b` of the left branch and of the right one. */
  readonly left?: readonly [unknown, unknown]
  readonly right?: readonly [unknown, unknown]
  readonly fork?: unknown
  readonly join?: (flow: any, inputs: any) => unknown
  readonly stamp?: StepStamps[string]
}

function twins({ left = [1, 1], right = [1, 1], fork = 0, join = (f, [l, r]) => (f.out = l.a + r.a), stamp = {} }: Joined) {
  class Twins extends FlowSpec {
    a: unknown = 0
    b: unknown = 0
    fork: unknown = 0
    out: unknown
    @step start() {
      this.fork = fork
      this.next(this.left, this.right)
    }
    @step left() {
      ;[this.a, this.b] = left
      this.next(this.join)
    }
    @step right() {
      ;[this.a, this.b] = right
      this.next(this.join)
    }
    @memoize({}) @step join(inputs: Inputs<Twins>) {
      join(this, inputs)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Twins, {
    start: {},
    left: {},
    right: {},
    join: { joins: true, reads: [], branchReads: ['a'], merges: [], ...stamp },
    end: {},
  })
}

async function hits(first: Joined, then: Joined): Promise<boolean> {
  const store = memoryStore()
  await ran(twins(first), { store })
  return (await ran(twins(then), { store })).log.includes('join hit')
}

const merging: Joined = {
  join: (f, inputs) => f.mergeArtifacts(inputs, { exclude: ['b'] }),
  stamp: { branchReads: [], merges: [{ exclude: ['b'] }] },
}
const KEYS: readonly (readonly [name: string, first: Joined, then: Joined, hit: boolean])[] = [
  ['the same again', {}, {}, true],
  ['what a branch brings and the join reads', {}, { left: [2, 1] }, false],
  ['the same in another branch', { left: [2, 1] }, { right: [2, 1] }, false],
  ['what a branch brings and the join does not read', {}, { left: [1, 2] }, true],
  ['what was there before, which the join does not read', {}, { fork: 1 }, true],
  ['what was there before, which the join reads', { stamp: { reads: ['fork'] } }, { fork: 1, stamp: { reads: ['fork'] } }, false],
  ['what is merged', merging, { ...merging, left: [2, 1], right: [2, 1] }, false],
  ['what is left out of the merging', merging, { ...merging, left: [1, 2] }, true],
  [
    'where nothing is claimed, everything',
    { stamp: { branchReads: undefined as never } },
    { left: [1, 2], stamp: { branchReads: undefined as never } },
    false,
  ],
]
for (const [name, first, then, hit] of KEYS)
  test(`a join ${hit ? 'hits after' : 'runs after'}: ${name}`, async () => {
    assert.is(await hits(first, then), hit)
    assert.equal(warnings, [])
  })

test('which branch left an artifact as it was counts where it is merged', async () => {
  const merge = (value: unknown): Joined => ({
    left: [0, 0],
    right: [value, 0],
    join: (f, inputs) => f.mergeArtifacts(inputs),
    stamp: { branchReads: [], merges: [{}] },
  })
  assert.is(await hits(merge(5), merge(5)), true)
  assert.is(await hits(merge(5), merge(6)), false)
})

const BEYOND: readonly (readonly [name: string, join: Joined])[] = [
  ['an artifact', { join: (f, [l]) => (f.out = l.b) }],
  ['what it merges', { join: (f, inputs) => f.mergeArtifacts(inputs) }],
  ['an artifact through `this`', { join: (f) => (f.out = f.fork) }],
]
for (const [name, join] of BEYOND)
  test(`a join that reads more than its stamp claims is not stored: ${name}`, async () => {
    assert.is(await hits(join, join), false)
    assert.match(warnings[0]!, /^MM4004 /)
  })

test.run()
