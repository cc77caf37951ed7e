// The manifest: what it tells of each step is what the stamp was made of, and it does not grow with what steps share.

import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Manifest } from '../runtime/contract.js'
import { writeManifest } from '../transformer/bundler.js'
import { closureIn, manifestText } from '../transformer/manifest.js'
import { draws } from './support/draws.js'
import { openTape, writeProgram } from './support/step-programs.js'
import { type Files, manifestOf } from './support/steps.js'

function toldOf(manifest: Manifest, id: string): string[] {
  const closure = closureIn(manifest, id)!
  return closure.map(({ own, to }) => [own, ...to.map((n) => closure[n]!.own)].join(' '))
}

const HOUSE: Files = {
  'base.ts': `
    import { FlowSpec } from 'mintmark'
    export abstract class Base extends FlowSpec { abstract size(): number; twice() { return this.size() * 2 } }`,
  'shapes.ts': `
    export const table = new Map<string, () => number>()
    table.set('one', () => 1)
    export class Shape { area() { return this.side() ** 2 } side() { return table.get('one')!() } unused() {} }`,
  'flow.ts': `
    import { step } from 'mintmark'
    import dep from 'dep'
    import { Base } from './base.js'
    import { Shape } from './shapes.js'
    export class A extends Base { #n = 1; size() { return 3 } @step start() { this.next(this.end) } @step end() { dep(this.twice(), new Shape().area()) } }
    export class B extends Base { size() { return 4 } @step start() { return this.twice() + new Shape().area() } }`,
  'functions.ts': `
    import { memoize } from 'mintmark'
    import { Shape } from './shapes.js'
    export const f = memoize((n: number): number => (n > 0 ? f(n - 1) : new Shape().side()))`,
  'node_modules/dep/package.json': '{"name": "dep", "version": "1.2.3", "main": "i.js"}',
  'node_modules/dep/i.js': 'module.exports = () => {}',
}

test('of each step the manifest tells what its stamp was made of', () => {
  const { manifest, owns } = manifestOf(HOUSE)
  assert.equal([...owns.keys()].sort(), Object.keys(manifest.steps))
  for (const [id, told] of owns) assert.equal(toldOf(manifest, id).sort(), [...told].sort(), id)
  const ids = closureIn(manifest, 'flow.ts#A.end')!.map((entry) => entry.id)
  assert.equal(new Set(ids.slice(1)).size, ids.length - 1)
  for (const id of ['A.size', 'Base.twice', 'Shape.side', 'table'])
    assert.ok(
      ids.some((each) => each.endsWith(`#${id}`)),
      id,
    )
  assert.not.ok(ids.some((id) => id.includes('unused')))
  assert.match(closureIn(manifest, 'flow.ts#A.end')![0]!.leaves!.join(), 'dep@1.2.3')
  assert.is(closureIn(manifest, 'flow.ts#C.end'), undefined)
})

test('`this` of two flows leads from the same method to the members of each', () => {
  const { manifest } = manifestOf(HOUSE)
  for (const [id, size] of [
    ['flow.ts#A.end', 'flow.ts#A.size'],
    ['flow.ts#B.start', 'flow.ts#B.size'],
  ] as const) {
    const closure = closureIn(manifest, id)!
    const twice = closure.filter((entry) => entry.id === 'base.ts#Base.twice')
    assert.equal(
      twice.map(({ to }) => to.map((n) => closure[n]!.id)),
      [[size]],
      id,
    )
  }
})

test('of random programs, too', () => {
  const numbers = fc.array(fc.nat(10_000), { minLength: 60, maxLength: 120 })
  fc.assert(
    fc.property(numbers, (program) => {
      const { manifest, owns } = manifestOf(writeProgram(openTape(program)).files)
      for (const [id, told] of owns) assert.equal(toldOf(manifest, id).sort(), [...told].sort())
    }),
    draws(30),
  )
})

/** Each step reaches what all before it reach. */
function chain(steps: number): Files {
  const link = (i: number): string =>
    `import { memoize } from 'mintmark'\n${i > 0 ? `import { f${i - 1} } from './m${i - 1}.js'\n` : ''}` +
    `export function f${i}(n: number): number { return ${i > 0 ? `f${i - 1}(n)` : 'n'} + ${i} }\nexport const step${i} = memoize((n: number) => f${i}(n))\n`
  return Object.fromEntries(Array.from({ length: steps }, (_, i) => [`m${i}.ts`, link(i)]))
}

test('what steps share is told once', () => {
  const [small, large] = [30, 90].map((steps) => manifestOf(chain(steps)).manifest)
  assert.is(small!.declarations.length, 30)
  assert.is(large!.declarations.length, 90)
  assert.is(closureIn(large!, 'm89.ts#step89')!.length, 91)
  assert.ok(manifestText(large!).length < 3.2 * manifestText(small!).length)
})

test('a manifest in which nothing has changed is not written again', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-manifest-'))
  try {
    const file = path.join(dir, 'out/mintmark.json')
    writeManifest(file, 'a')
    utimesSync(file, 1, 1)
    writeManifest(file, 'a')
    assert.is(statSync(file).mtimeMs, 1000)
    writeManifest(file, 'b')
    assert.is(readFileSync(file, 'utf8'), 'b')
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test.run()
