// Classes that the inputs of a step are annotated with: their code is in its fingerprint, and its stamp knows them.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changed, type Files, fingerprints, readStepsOf, stampOf } from './support/steps.js'

const DOC = 'export class Doc {\n  constructor(readonly text: string) {}\n  size() { return this.text.length }\n  other() { return 1 }\n}\n'
const SIZE = DOC.replace('text.length', 'text.length + 1')

/** The function `f`, whose parameters and body are given, beside `doc.ts`. */
function fn(given: string, before = "import { Doc } from './doc.js'", more: Files = {}): Files {
  return {
    'f.ts': `import { memoize } from 'mintmark'\n${before}\nexport const f = memoize(async (${given}) => (x as any).size())\n`,
    'doc.ts': DOC,
    ...more,
  }
}

const LEADS: readonly (readonly [name: string, files: Files])[] = [
  ['a class', fn('x: Doc')],
  ['a class imported as a type', fn('x: Doc', "import type { Doc } from './doc.js'")],
  ['a class imported as a type among values', fn('x: Doc', "import { type Doc } from './doc.js'")],
  ['a class imported under another name', fn('x: D', "import type { Doc as D } from './doc.js'")],
  ['a member of a namespace import', fn('x: d.Doc', "import * as d from './doc.js'")],
  ['a member of a namespace import of types', fn('x: d.Doc', "import type * as d from './doc.js'")],
  ...[
    ["export * as d from './doc.js'"],
    ["import * as d from './doc.js'\nexport { d }"],
    ["export { d } from './inner.js'", "export * as d from './doc.js'"],
    ["export * from './inner.js'", "export * as d from './doc.js'"],
    ["export type * as d from './doc.js'"],
    ["export type * from './inner.js'", "export type * as d from './doc.js'"],
  ].map(([barrel, inner = '']) => {
    const files = fn('y: d.Other, x: d.Doc', "import { d } from './barrel.js'", { 'barrel.ts': barrel!, 'inner.ts': inner })
    const name = `a second member of a namespace by ${`${barrel} ${inner}`.replaceAll('\n', ' ')}`
    return [name, { ...files, 'doc.ts': `${DOC}export class Other {}` }] as const
  }),
  [
    'a class of barrels in a circle',
    fn('x: Doc', "import { Doc } from './one.js'", {
      'one.ts': "export * from './two.js'",
      'two.ts': "export * from './one.js'\nexport * from './doc.js'",
    }),
  ],
  ['an import in a type', fn("x: import('./doc.js').Doc", '')],
  [
    'an interface in a module with one type of each sort',
    fn('x: I', "import type { I } from './one.js'", {
      'one.ts':
        "import type { Doc } from './doc.js'\ninterface I { x: Doc }\nexport type { I }\nexport type * from './two.js'\nimport('./two.js')",
      'two.ts': 'export type Two = 2',
    }),
  ],
  ['an array', fn('x: Doc[]')],
  ['a read-only array', fn('x: readonly Doc[]')],
  ['a union', fn('x: Doc | undefined')],
  ['an optional parameter', fn('x?: Doc')],
  ['rest parameters', fn('...x: Doc[]')],
  ['a destructured parameter', fn('{ x }: { x: Doc }')],
  ['a map', fn('x: Map<string, Doc>')],
  [
    'a class imported as the default, as a type',
    { ...fn('x: Doc', "import type Doc from './doc.js'"), 'doc.ts': DOC.replace('class', 'default class') },
  ],
  ['a field with a quoted name', fn('x: Box', "import type { Doc } from './doc.js'\nclass Box { 'the-doc'!: Doc }")],
  [
    'a member of a member of a namespace import',
    fn('x: all.d.Doc', "import * as all from './barrel.js'", { 'barrel.ts': "export * as d from './doc.js'" }),
  ],
  [
    'an interface that is a default export',
    fn('x: Box', "import type Box from './box.js'", {
      'box.ts': "import type { Doc } from './doc.js'\nexport default interface Box { doc: Doc }",
    }),
  ],
  [
    'an interface of a module that has types of every kind',
    fn('x: Box', "import type { Box } from './box.js'", {
      'box.ts':
        "import type { Doc } from './doc.js'\nexport type { Doc } from './doc.js'\nexport type * from './other.js'\nexport interface Box { doc: Doc; other: import('./other.js').Other }",
      'other.ts': 'export interface Other {}',
    }),
  ],
  ['a property of an interface', fn('x: Box', "import type { Doc } from './doc.js'\ninterface Box { doc: Doc }")],
  ['what an interface extends', fn('x: Box', "import { Doc } from './doc.js'\ninterface Box extends Doc { n: 1 }")],
  ['an alias', fn('x: Docs', "import { Doc } from './doc.js'\ntype Docs = readonly Doc[]")],
  ['an instance type', fn('x: InstanceType<typeof Doc>')],
  [
    'an interface of another module',
    fn('x: Box', "import type { Box } from './box.js'", {
      'box.ts': "import type { Doc } from './doc.js'\nexport interface Box { doc: Doc }",
    }),
  ],
  ['a barrel of types', fn('x: Doc', "import type { Doc } from './all.js'", { 'all.ts': "export type { Doc } from './doc.js'" })],
  ['a barrel', fn('x: D', "import type { D } from './all.js'", { 'all.ts': "export { Doc as D } from './doc.js'" })],
  ['a star', fn('x: Doc', "import type { Doc } from './all.js'", { 'all.ts': "export * from './doc.js'" })],
  ['a star of types', fn('x: Doc', "import type { Doc } from './all.js'", { 'all.ts': "export type * from './doc.js'" })],
  [
    'an import that is exported',
    fn('x: Doc', "import type { Doc } from './all.js'", { 'all.ts': "import type { Doc } from './doc.js'\nexport type { Doc }" }),
  ],
  [
    'a field of an annotated class',
    fn('x: Box', "import type { Box } from './box.js'", {
      'box.ts': "import type { Doc } from './doc.js'\nexport class Box { constructor(readonly doc: Doc) {} }",
    }),
  ],
  [
    'a private field of an annotated class',
    fn('x: Box', "import type { Box } from './box.js'", {
      'box.ts': "import type { Doc } from './doc.js'\nexport class Box { #doc?: Doc }",
    }),
  ],
  [
    'a field of a class that an annotated class extends',
    fn('x: Box', "import type { Box } from './box.js'", {
      'box.ts': "import type { Doc } from './doc.js'\nclass Base { doc?: Doc }\nexport class Box extends Base {}",
    }),
  ],
  [
    'a function that is only named',
    {
      ...fn(''),
      'f.ts': "import { memoize } from 'mintmark'\nimport { g } from './g.js'\nexport const f = memoize(g)\n",
      'g.ts': "import type { Doc } from './doc.js'\nexport async function g(x: Doc) { return x.size() }",
    },
  ],
  [
    'a captured parameter',
    {
      ...fn(''),
      'f.ts':
        "import { memoize } from 'mintmark'\nimport type { Doc } from './doc.js'\nexport const f = (x: Doc) => memoize(async () => x.size())\n",
    },
  ],
  [
    'a captured variable by what it is made of',
    {
      ...fn(''),
      'f.ts':
        "import { memoize } from 'mintmark'\nimport { Doc } from './doc.js'\nexport function f() { const x = new Doc('a'); return memoize(async () => x.size()) }\n",
    },
  ],
]
for (const [name, files] of LEADS)
  test(`the class of ${name} is an input, and its code counts`, () => {
    const [id] = Object.keys(fingerprints(files)) as [string]
    const edited = (from: string, to: string): Files => ({ 'doc.ts': files['doc.ts']!.replace(from, to) })
    assert.equal(changed(files, edited('text.length', 'text.length + 1')), [id])
    assert.equal(changed(files, edited('return 1', 'return 2')), [], 'a method that nothing names')
    const modules = readStepsOf(files)
    const [stamped] = modules.get('f.ts')!.functions
    const marks = [...modules.values()].flatMap((m) => m.marked.map(({ mark }) => mark.id))
    assert.ok(stamped!.stamp.classes!.some((c) => c.startsWith('doc.ts#Doc ')))
    assert.equal([...stamped!.stamp.classes!].sort(), marks.sort(), 'every class that the stamp names is marked')
  })

const ABSENT: readonly (readonly [name: string, files: Files])[] = [
  ['no annotation', fn('x')],
  ['a callback', fn('x: (d: Doc) => void')],
  ['a method of an interface', fn('x: Box', "import type { Doc } from './doc.js'\ninterface Box { m(d: Doc): void }")],
  ['a constructor', fn('x: new (d: Doc) => unknown')],
  ['a whole module', fn("x: typeof import('./doc.js')", '')],
  ['a type of a package', fn('x: Doc', "import type { Doc } from 'elsewhere'")],
  ['a type that is nowhere', fn('x: Doc', '')],
  ['a `this` parameter', fn('this: Doc')],
  ['an enum', fn('x: E', 'enum E { A }')],
  ['a flow', fn('x: G', "import { FlowSpec } from 'mintmark'\nclass G extends FlowSpec { size() {} }")],
  ['a flow below another', fn('x: G', "import { FlowSpec } from 'mintmark'\nclass B extends FlowSpec {}\nclass G extends B { size() {} }")],
]
for (const [name, files] of ABSENT)
  test(`${name} makes no class an input`, () => {
    assert.equal(changed(files, { 'doc.ts': SIZE }), [])
    assert.is(readStepsOf(files).get('f.ts')!.functions[0]!.stamp.classes, undefined)
  })

test('types that lead to no class keep the fingerprint', () => {
  const bare = fn('x')
  for (const type of ['string', 'Doc[]', 'Box', 'Map<string, { a: 1 }>', '() => Doc'])
    assert.equal(changed(bare, fn(`x: ${type}`, 'interface Doc { a: string }\ntype Box = { b: Doc }')), [], type)
})

test('types that lead to themselves end', () => {
  const files = fn('x: A', "import type { Doc } from './doc.js'\ninterface A { b: B; doc: Doc }\ninterface B { a: A[] }")
  assert.equal(changed(files, { 'doc.ts': SIZE }), ['f'])
})

test('two equal classes that change places are two keys where the step tells them apart', () => {
  const two = (types: string, body: string): Files => ({
    'f.ts': `import { memoize } from 'mintmark'\nimport { A, B } from './ab.js'\nexport const f = memoize(async (x: ${types}) => ${body})\n`,
    'ab.ts': 'export class A { n = 1 }\nexport class B { n = 1 }',
  })
  assert.equal(changed(two('A | B', 'x instanceof A'), two('B | A', 'x instanceof A')), ['f'])
  assert.equal(changed(two('A | B', 'x.n'), two('B | A', 'x.n')), [])
})

test('a class keeps its fingerprint under another name and in another file, and has another mark', () => {
  const files = fn('x: Doc')
  const moved = { ...fn('x: Paper', "import { Paper } from './paper.js'"), 'paper.ts': DOC.replaceAll('Doc', 'Paper') }
  assert.equal(changed(files, moved), [])
  const idOf = (f: Files) => readStepsOf(f).get('f.ts')!.functions[0]!.stamp.classes![0]
  assert.is.not(idOf(files), idOf(moved))
  assert.is.not(idOf(files), idOf({ ...files, 'doc.ts': SIZE }), 'a class with other code is another class')
})

const HIDDEN: readonly (readonly [text: string, hidden: string | undefined])[] = [
  ['export class Doc { n = 1 }', undefined],
  ['export class Doc { constructor(private n: number) {} }', undefined],
  ['export class Doc { static #n = 1; #m() {} }', undefined],
  ['class Base { n = 1 }\nexport class Doc extends Base {}', undefined],
  ['export class Doc extends Object {}', undefined],
  ['export class Doc { #n = 1 }', 'it keeps state in `#n`'],
  ['export class Doc { #n?: number }', 'it keeps state in `#n`'],
  ['export class Doc { accessor n = 1 }', 'it keeps state in `n`'],
  ['class Base { #n = 1 }\nexport class Doc extends Base {}', 'it keeps state in `#n`'],
  ['declare const d: any\nexport class Doc { @d n = 1 }', 'decorators on `Doc` may keep state elsewhere'],
  ["import { Base } from 'elsewhere'\nexport class Doc extends Base {}", 'it extends a class that is not of this project'],
  ['export class Doc extends Map<string, string> {}', 'it extends a class that is not of this project'],
  ['declare const mixed: any\nexport class Doc extends mixed() {}', 'it extends a class that is not of this project'],
]
for (const [text, hidden] of HIDDEN)
  test(`the mark of ${text.replaceAll('\n', '; ')} tells ${hidden ?? 'that all of it is in its fields'}`, () => {
    const [marked] = readStepsOf({ ...fn('x: Doc'), 'doc.ts': text }).get('doc.ts')!.marked
    assert.is(marked!.mark.hidden, hidden)
  })

const flow = (fields: string, body: string): Files => ({
  'flow.ts': `import { FlowSpec, step, memoize, type Inputs } from 'mintmark'\nimport type { Doc } from './doc.js'\nexport class F extends FlowSpec {\n${fields}\n@step @memoize({}) a() { ${body} }\n@step b(inputs: Inputs<F>) { inputs }\n}\n`,
  'doc.ts': DOC,
})

test('fields of a flow that change places are the same inputs', () => {
  const two = (fields: string): Files => ({
    ...flow(fields, 'return [this.doc, this.other]'),
    'doc.ts': `${DOC}export class Other { n = 2 }`,
  })
  const imported = (files: Files): Files => ({ ...files, 'flow.ts': files['flow.ts']!.replace('{ Doc }', '{ Doc, Other }') })
  assert.equal(changed(imported(two('doc!: Doc\nother!: Other')), imported(two('other!: Other\ndoc!: Doc'))), [])
})

test('a field of a flow that a step reads brings in its class', () => {
  for (const fields of ['doc!: Doc', 'declare doc: Doc', 'doc: Doc | undefined', 'doc = new Map<string, Doc>() as Map<string, Doc>'])
    assert.equal(changed(flow(fields, 'this.doc.size()'), { 'doc.ts': SIZE }), fields.startsWith('doc =') ? [] : ['F.a'], fields)
  assert.equal(changed(flow('declare input: Doc', 'this.input.size()'), { 'doc.ts': SIZE }), ['F.a'])
  assert.match(stampOf(flow('doc!: Doc', 'this.doc.size()'), 'F.a').classes![0]!, /^doc\.ts#Doc /)
})

test('a class that stands beside the flow whose field it is has its mark there, and a file that holds neither steps nor marks is not told of', () => {
  const files = flow('doc!: Doc', 'this.doc.size()')
  const together = { 'flow.ts': `${DOC}${files['flow.ts']!.replace(/import type .*\n/, '')}`, 'other.ts': 'export class Other {}' }
  const modules = readStepsOf(together)
  assert.equal(
    [...modules].map(([file, { marked }]) => [file, marked.map((m) => m.name)]),
    [['flow.ts', ['Doc']]],
  )
})

test('a field that the step does not read brings in nothing', () => {
  const files = flow('doc!: Doc; n = 1', 'this.n++; size(); function size() {}')
  assert.equal(changed(files, { 'doc.ts': SIZE }), [])
  assert.is(stampOf(files, 'F.a').classes, undefined)
})

test('where `this` is handed on, every field brings in its class', () => {
  const files = flow('doc!: Doc', 'use(this); function use(f: any) { f.doc.size() }')
  assert.equal(changed(files, { 'doc.ts': SIZE }), ['F.a'])
})

test('a field is inherited, and one that is declared again is the nearest one', () => {
  const files = (own: string): Files => ({
    'flow.ts': `import { FlowSpec, step } from 'mintmark'\nimport type { Doc } from './doc.js'\nclass Base extends FlowSpec { declare doc: Doc }\nexport class F extends Base {\n${own}\n@step a() { this.doc.size() }\n}\n`,
    'doc.ts': DOC,
  })
  assert.equal(changed(files(''), { 'doc.ts': SIZE }), ['F.a'])
  assert.equal(
    changed(files('declare doc: { size(): number }[]'), { 'doc.ts': SIZE }),
    ['F.a'],
    'its own type leads nowhere, so that of the base stays',
  )
})

test('the parameter of a memoized method brings in its class, that of a join does not bring in the flow', () => {
  const service = {
    'flow.ts': `import { memoize } from 'mintmark'\nimport type { Doc } from './doc.js'\nexport class S { constructor(readonly base: Doc) {}\n@memoize({}) async a(x: Doc) { return x.size() }\n@memoize({}) async c() { return this.base.size() }\n@memoize({}) async d() { return 1 } }`,
    'doc.ts': DOC,
  }
  assert.equal(changed(service, { 'doc.ts': SIZE }), ['S.a', 'S.c'])
  const files = flow('n = 1; helper() { return this.size() } size() { return 1 }', 'this.n = 2')
  assert.equal(changed(files, { 'flow.ts': files['flow.ts']!.replace('return 1', 'return 2') }), [])
  assert.is(stampOf(files, 'F.b').classes, undefined)
})

test.run()
