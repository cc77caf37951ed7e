// What a step reaches by rarer roads, and the knobs that say how it counts.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTags } from '../transformer/doc-tags.js'
import { changed, diagnose, type Files, readStepsOf, stampOf } from './support/steps.js'

const FLOW = (body: string, before = '', options = '') =>
  `import { FlowSpec, step, memoize } from 'mintmark'\n${before}\nexport class F extends FlowSpec {\n@step @memoize({${options}}) a() { ${body} }\n@step b() {}\n}\n`

function felt(name: string, files: Files, edit: Files): void {
  test(`${name}: counts`, () => assert.equal(changed(files, edit), ['F.a']))
}

function idle(name: string, files: Files, edit: Files): void {
  test(`${name}: does not count`, () => assert.equal(changed(files, edit), []))
}

function installed(version: string): Files {
  return { 'node_modules/pkg/package.json': JSON.stringify({ name: 'pkg', version }) }
}

/** One file; `1` in `what` becomes `2`. */
function writes(name: string, what: string, read: string): void {
  const files = (text: string): Files => ({ 'flow.ts': FLOW(`return ${read}`, text) })
  felt(name, files(what), files(what.replace(/1(?!.*1)/s, '2')))
}

// A member that is reached alone still feels what writes to its owner.
writes('an assigned member', 'const o = { a: () => 0 }; o.a = () => 1', 'o.a()')
writes('Object.assign', 'const o = { a: () => 0 }; Object.assign(o, { a: () => 1 })', 'o.a()')
writes('an owner that is handed to a function', 'const o = { a: () => 0 }; reg(o); function reg(x: any) { x.a = () => 1 }', 'o.a()')
writes('a function that is called and assigns', 'const o = { a: () => 0 }; function patch() { o.a = () => 1 }\npatch()', 'o.a()')
writes('a static member that is replaced', 'class o { static m() {} }\n;(o as any).m = () => 1', 'o.m()')
writes('an enum that is written to', 'enum E { A }\n;(E as any).A = 1', 'E.A')
writes('a member of a member', 'const o = { a: { b: 0 } }; o.a.b = 1', 'o.a')
writes('the first of two statements', 'const o = new Map(); o.set(0, 1); o.set(0, 0)', 'o.get(0)')

writes('a class that is handed to a function', 'declare const put: any; class o {}; put(o, 1)', 'new o()')
writes(
  'an object that a called function hands on',
  'declare const put: any; const o = {}; function fill(n: any) { put(o, n) }\nfill(1)',
  'o',
)
writes(
  'a class that a called function hands on',
  'declare const put: any; class o {}; function fill(n: any) { put(o, n) }\nfill(1)',
  'new o()',
)

for (const isDefined of [true, false]) {
  const files = (n: number): Files => ({
    'tsconfig.json': JSON.stringify({ compilerOptions: { useDefineForClassFields: isDefined } }),
    'flow.ts': FLOW(
      'return T.get(0)',
      `const T = new Map()\nclass B { static set x(v: any) { T.set(0, v) } }\nclass C extends B { static x = ${n} }`,
    ),
  })
  ;(isDefined ? idle : felt)(`a static field that ${isDefined ? 'defines' : 'assigns, and so calls a setter,'}`, files(1), files(2))
}

// A constant that is handed on cannot be written to; what an export without a name holds can.
const handed = (value: string, n: number): Files => ({
  'flow.ts': FLOW('return d', "import d from './d.js'\nimport './put.js'"),
  'd.ts': `export default ${value}`,
  'put.ts': `import d from './d.js'\nimport { put } from './w.js'\nexport const kept = put(d, ${n})`,
  'w.ts': 'export const put = (x: any, n: number) => { x.n = n }',
})
for (const [value, isFelt] of [
  ['1', false],
  ['{}', true],
] as const) {
  const files = (n: number): Files => ({
    ...handed(value, n),
    'flow.ts': FLOW('return d', "import d from './d.js'\nimport { kept } from './put.js'\nexport const more = kept"),
  })
  ;(isFelt ? felt : idle)(`a statement that hands on a default export of ${value}`, files(1), files(2))
}

// JSX hands its tag on, too.
for (const jsx of ['<Tag>{1}</Tag>', '<>{1}</>']) {
  const files = (text: string): Files => ({
    'flow.ts': FLOW('return Tag', "import { Tag } from './tag.js'\nimport { kept } from './put.js'\nexport const more = kept"),
    'tag.ts':
      'export const Tag = { n: 0 }\nexport const h = (tag: any, p: any, n: number) => { tag.n = n }\nexport const put = (x: any) => x',
    'put.tsx': `/** @jsx h */\n/** @jsxFrag Tag */\nimport { h, put, Tag } from './tag.js'\nexport const kept = put(${text})`,
  })
  felt(`a statement that hands it on by ${jsx}`, files(jsx), files(jsx.replace('1', '2')))
}

// What is only read at the top is not written to.
for (const root of 'console Math JSON Number String Boolean BigInt Symbol isNaN isFinite parseInt parseFloat Date Error'.split(' ')) {
  const files = (n: number): Files => ({ 'flow.ts': FLOW('return o.get(0)', `const o = new Map()\n;(${root} as any).call(o, ${n})`) })
  idle(`a statement that hands it to ${root}`, files(1), files(2))
}
// Nobody reads what these change.
for (const statement of [
  ...'process Buffer require module exports setImmediate clearImmediate crypto fetch React'.split(' ').map((root) => `${root}.call(1)`),
  'process.exitCode = 1',
  'exports.x = 1',
  'module.exports = 1',
  'Object.assign(exports, { x: 1 })',
  'go(process.argv, 1)',
  'const window: any = {}\ngo(window, 1)',
]) {
  const files = (text: string): Files => ({ 'flow.ts': FLOW('return 1', `declare const go: any\n${text}`) })
  idle(statement, files(statement), files(statement.replace('1', '2')))
}

// A package that is called at the top for its effect is another one for the steps that reach it.
const registers = (what: string): Files => ({
  'flow.ts': FLOW('return used()', "import { used } from 'pkg'\nimport { other } from './register.js'\nexport const kept = other"),
  'register.ts': `import { register } from 'pkg'\nexport const other = 1\n${what}`,
})
for (const [name, what, isFelt] of [
  ['a call', 'register(1)', true],
  ['a call for a value that nobody uses', 'const handle = register(1)', true],
  ['a call for a value that is exported', 'export const handle = register(1)', false],
  ['a call for a value that is exported beside others', 'export const handle = register(1)\nexport function more() {}', false],
  ['a call for a value that others use', 'const handle = register(1)\nexport function more() { return handle }', false],
] as const)
  (isFelt ? felt : idle)(`${name} of a package that the step reaches`, registers(what), registers(what.replace('1', '2')))
test('a call of a package that the step does not reach: does not count', () => {
  const files = (n: number): Files => ({ 'flow.ts': FLOW('return 1', `import { register } from 'pkg'\nregister(${n})`) })
  assert.equal(changed(files(1), files(2)), [])
})

// What a call made may be a function that keeps what it is called with.
for (const [name, isFelt, before, call = 'kept(1)'] of [
  ['a function that a function of the project made', true, 'const make = () => (n: number) => n\nconst kept = make()'],
  ['the same, for a value', true, 'const make = () => (n: number) => n\nconst kept = make()', 'export const value = kept(1)'],
  ['a function that was made on the spot', true, 'const kept = (() => (n: number) => n)()', 'export const value = kept(1)'],
  ['a function that a package made', true, "import { make } from 'pkg'\nconst kept = make()"],
  ['the same, for a value', false, "import { make } from 'pkg'\nconst kept = make()", 'export const value = kept(1)'],
  [
    'the same, where the project had a hand in it',
    true,
    "import { make } from 'pkg'\nfunction own() {}\nconst kept = make(own())",
    'export const value = kept(1)',
  ],
  ['a function that Node made', true, "import { promisify } from 'node:util'\nconst kept: any = promisify(setTimeout)"],
  ['a function that is written down', false, 'const kept = function (n: number) { return n }'],
  [
    'a class that asks for the name of the class of what it makes',
    false,
    'class kept { name: string; constructor(readonly n: number) { this.name = this.constructor.name; (Error as any).captureStackTrace(this, this.constructor) } }',
    'new kept(1)',
  ],
  [
    'a class that asks which class is made',
    false,
    'class kept { name: string; constructor(readonly n: number) { if (new.target !== kept) throw n; this.name = new.target.name; Object.setPrototypeOf(this, new.target.prototype) } }',
    'new kept(1)',
  ],
  ['a memoized function', false, 'const kept = memoize(async (n: number) => n)', 'await kept(1)'],
  ['a function that knows itself by a name of its own', true, 'const kept = function own(n: number): any { return (own as any)[n] }'],
  ['a class that is written down', false, 'const kept = class { constructor(readonly n: number) {} }', 'new kept(1)'],
  [
    'a class that knows itself by a name of its own',
    true,
    'const kept = class Own { constructor(n: number) { (Own as any).n = n } }',
    'new kept(1)',
  ],
  [
    'a class of a class that is written down',
    false,
    'class Base { constructor(readonly n: number) {} }\nclass kept extends Base {}',
    'new kept(1)',
  ],
  ['a class of a class that a call made', true, 'const make = () => class {} as any\nclass kept extends make() {}', 'new kept(1)'],
  [
    'a class of a variable that a call made',
    true,
    'const make = () => class {} as any\nconst Base = make()\nclass kept extends Base {}',
    'new kept(1)',
  ],
  [
    'a class in a variable, of a class that a call made',
    true,
    'const make = () => class {} as any\nconst kept = class extends make() {}',
    'new kept(1)',
  ],
  [
    'what a call gave, and nobody calls',
    false,
    'const make = () => [1]\nconst kept = make()\nfunction more(n: number) { return kept.length === n }',
    'more(1)',
  ],
] as const) {
  const files = (n: number): Files => ({ 'flow.ts': FLOW('return kept', `${before}\n${call.replace('1', String(n))}`) })
  ;(isFelt ? felt : idle)(`a call of ${name}: ${call}`, files(1), files(2))
}

// What `export *` leads to may come from any of the packages.
for (const pkg of ['pkg', 'one']) {
  const manifest = (version: string): Files => ({ [`node_modules/${pkg}/package.json`]: JSON.stringify({ name: pkg, version }) })
  const files = {
    'flow.ts': FLOW('return used()', "import { used } from './all.js'"),
    'all.ts': "export * from 'pkg'\nexport * from 'one'\nexport * from './none.js'",
  }
  felt(`one of two packages behind export *: ${pkg}`, { ...files, ...manifest('1.0.0') }, manifest('1.0.1'))
}

test('what is named of a module of Node counts, and not how it is imported', () => {
  const namespace = (name: string): Files => ({ 'flow.ts': FLOW(`return fs.${name}('x')`, "import * as fs from 'node:fs'") })
  assert.equal(changed(namespace('readdirSync'), namespace('rmSync')), ['F.a'])
  assert.equal(changed(namespace('rmSync'), { 'flow.ts': FLOW("return rmSync('x')", "import { rmSync } from 'node:fs'") }), [])
})

felt(
  'a statement that hands on JSON',
  { 'flow.ts': FLOW('return d', "import d from './d.json'\nput(d, 1)\nfunction put(x: any, n: number) { x.n = n }"), 'd.json': '{}' },
  { 'flow.ts': FLOW('return d', "import d from './d.json'\nput(d, 2)\nfunction put(x: any, n: number) { x.n = n }") },
)

const polyfilled = {
  'flow.ts': FLOW('return helper()', "import { helper } from './helper.js'"),
  'helper.ts': "import 'pkg/polyfill'\nimport './style.css'\nexport const helper = () => 1",
}
felt('a package that a reached module imports for its effect', { ...polyfilled, ...installed('1.0.0') }, installed('1.0.1'))
felt('a file that a reached module imports for its effect', { ...polyfilled, 'style.css': 'a' }, { 'style.css': 'b' })

// Whatever writes to a global object counts for every step.
for (const write of [
  '(globalThis as any).x = 1',
  'Object.assign(globalThis, { x: 1 })',
  "Object.defineProperty(Array.prototype, 'x', { value: 1 })",
  'Object.defineProperties(globalThis, { x: { value: 1 } })',
  'Object.setPrototypeOf(globalThis, { x: 1 })',
  "Reflect.set(globalThis, 'x', 1)",
  'leaked = 1',
  'declare const registry: any\nObject.assign(registry, { x: 1 })',
  'Object.assign(Promise, { x: 1 })',
  "Object.defineProperty(Object.getPrototypeOf([]), 'x', { value: 1 })",
  'Object.getPrototypeOf([]).x = 1',
  "(Object([]) as any)['__proto__'].x = 1",
  "(globalThis as any).__defineSetter__('x', () => 1)",
  "import process from 'node:process'\nprocess.exitCode = 1",
]) {
  test(`${write} in a module that is imported for a name: counts for every step`, () => {
    const files = (text: string): Files => ({
      'flow.ts': FLOW('return 1', "import { x } from './global.js'\nexport const kept = x"),
      'global.ts': `${text}\nexport const x = 0`,
    })
    assert.equal(changed(files(write), files(write.replace(/1(?!.*1)/, '2'))), ['F.a', 'F.b'])
  })
}

for (const [name, make] of [
  ['ReadableStream', 'new ReadableStream(new C() as any)'],
  ['WritableStream', 'new WritableStream(new C() as any)'],
  ['TransformStream', 'new TransformStream(new C() as any)'],
  ['Proxy', 'new Proxy({}, new C() as any)'],
  ['Reflect', 'Reflect.ownKeys(new C())'],
] as const) {
  const files = (n: number): Files => ({ 'flow.ts': FLOW(`return ${make}`, `class C { hook() { return ${n} } }`) })
  felt(`a method of what is handed to ${name}`, files(1), files(2))
}

// Methods that nobody mentions and a package calls.
const called = (head: string, tail = ''): Files => ({
  'flow.ts': FLOW('return run(new C())', "import { C } from './c.js'\ndeclare const run: any"),
  'c.ts': `${head} { hook() { return 1 } }\n${tail}`,
  'base.ts': 'export class Base { go() {} }\nexport interface Local {}',
})
const hooked = (files: Files): Files => ({ 'c.ts': files['c.ts']!.replace('return 1', 'return 2') })
for (const [name, files] of [
  ['extends a class of a package', called("import { B } from 'pkg'\nexport class C extends B")],
  ['extends a class of Node', called("import { Transform } from 'node:stream'\nexport class C extends Transform")],
  ['extends a global class', called('export class C extends EventTarget')],
  ['extends what no name leads to', called('declare const mix: any\nexport class C extends mix(Object)')],
  ['implements an interface of a package', called("import type { I } from 'pkg'\nexport class C implements I")],
  ['implements an interface of a package among others', called("import type { H, I, J } from 'pkg'\nexport class C implements I")],
  ['is decorated', called('declare const d: any\n@d export class C')],
] as const)
  felt(`a method of a class that ${name}`, files, hooked(files))
for (const [name, files] of [
  ['extends nothing', called('export class C')],
  ...'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError Object'
    .split(' ')
    .map((base) => [`extends ${base}`, called(`export class C extends ${base}`)] as const),
  ['extends a class of the project', called("import { Base } from './base.js'\nexport class C extends Base")],
  ['implements an interface of the project', called("import type { Local } from './base.js'\nexport class C implements Local")],
  ['implements an interface of its module', called('export class C implements I', 'interface I {}')],
  [
    'implements an interface of the project, beside other imports',
    called("import 'pkg/polyfill'\nimport { other } from 'pkg'\nimport type { Local } from './base.js'\nexport class C implements Local"),
  ],
] as const)
  idle(`a method that nothing mentions, of a class that ${name}`, files, hooked(files))
for (const name of 'toString toJSON valueOf then next return throw toLocaleString toISOString exec join handleEvent ["constructor"]'.split(
  ' ',
))
  felt(
    `${name}, which the language calls`,
    { ...called('export class C'), 'c.ts': `export class C { ${name}() { return 1 } }` },
    {
      'c.ts': `export class C { ${name}() { return 2 } }`,
    },
  )
const DESCRIBED = ['get', 'set', 'value']
const STREAMED = ['on', 'once', 'emit', 'write', 'end']
const COMPARED = 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'.split(' ')
for (const [callers, names] of [
  [['defineProperty', 'defineProperties', 'create'], DESCRIBED],
  [['pipe'], STREAMED],
  [COMPARED, ['has', 'keys']],
] as const)
  for (const caller of callers)
    for (const name of names) {
      const files = (n: number): Files => ({
        'flow.ts': FLOW(`return use.${caller}(new C())`, `declare const use: any\nclass C { ${name}() { return ${n} } }`),
      })
      felt(`${name}, which ${caller} calls`, files(1), files(2))
    }
test("a step in a class whose base is a package's holds all of its members", () => {
  const files = {
    'flow.ts':
      "import { Base } from 'pkg'\nimport { memoize } from 'mintmark'\nexport class F extends Base { @memoize({}) async a() { return 1 } hook() { return 2 } }",
  }
  assert.equal(changed(files, { 'flow.ts': files['flow.ts'].replace('return 2', 'return 3') }), ['F.a'])
})

test("what a class extends counts for its steps where it is a package's", () => {
  const files = {
    'flow.ts':
      "import { Base } from 'pkg'\nimport { memoize } from 'mintmark'\nexport class F extends Base { @memoize({}) async a() { return 1 } }",
    ...installed('1.0.0'),
  }
  assert.equal(changed(files, installed('1.0.1')), ['F.a'])
})
test('a decorator that is made with memoize counts by its code', () => {
  const files = (version: number): Files => ({
    'flow.ts': FLOW('return 1', `const cached = (o: any) => memoize({ ...o, version: ${version} })`).replace('@memoize({})', '@cached({})'),
  })
  assert.equal(changed(files(1), files(2)), ['F.a'])
})

// import() and require
const dynamic = { 'flow.ts': FLOW("return import('./late.js')") }
felt('an export of a module that is imported late', { ...dynamic, 'late.ts': 'export const x = 1' }, { 'late.ts': 'export const x = 2' })
felt(
  'what evaluating it does',
  { ...dynamic, 'late.ts': 'start(1)\nfunction start(n: number) { return n }' },
  { 'late.ts': 'start(2)\nfunction start(n: number) { return n }' },
)
test('what a module does that is imported for its effect counts for every step', () => {
  const files = (n: number): Files => ({
    'flow.ts': FLOW('return 1', "import './setup.js'"),
    'setup.ts': `declare const start: any\nstart(${n})`,
  })
  assert.equal(changed(files(1), files(2)), ['F.a', 'F.b'])
})
felt(
  'what it writes to something reached before',
  {
    'flow.ts': FLOW("await import('./late.js'); return T.get(1)", "import { T } from './t.js'"),
    't.ts': 'export const T = new Map()',
    'late.ts': "import { T } from './t.js'\nT.set(1, 1)",
  },
  { 'late.ts': "import { T } from './t.js'\nT.set(1, 2)" },
)
const cjs = { 'flow.ts': FLOW('return f()', "import { f } from './lib.cjs'") }
felt(
  'CommonJS, whole',
  { ...cjs, 'lib.cjs': 'exports.f = function () { return 1 }' },
  { 'lib.cjs': 'exports.f = function () { return 2 }' },
)
felt(
  'CommonJS in TypeScript',
  { ...cjs, 'lib.cts': 'declare const exports: any\nexports.f = function () { return 1 }' },
  { 'lib.cts': 'declare const exports: any\nexports.f = function () { return 2 }' },
)
felt(
  'CommonJS, what it requires',
  { ...cjs, 'lib.cjs': "module.exports = require('./deep.cjs')", 'deep.cjs': 'exports.f = () => 1' },
  { 'deep.cjs': 'exports.f = () => 2' },
)

// Files
const url = { 'flow.ts': FLOW("return read(new URL('./prompt.txt', import.meta.url))", 'declare const read: any') }
felt('a file named by new URL', { ...url, 'prompt.txt': 'one' }, { 'prompt.txt': 'two' })
idle('another file', { ...url, 'prompt.txt': 'one', 'other.txt': 'one' }, { 'other.txt': 'two' })
const elsewhere = { 'flow.ts': FLOW("return read(new URL('./prompt.txt', o.url))", 'declare const read: any, o: any') }
idle('a file beside one of the same name that new URL means elsewhere', { ...elsewhere, 'prompt.txt': 'one' }, { 'prompt.txt': 'two' })
const worker = { 'flow.ts': FLOW("return new Worker(new URL('./worker.ts', import.meta.url))", 'declare const Worker: any') }
felt(
  'code named by new URL, with its helpers',
  { ...worker, 'worker.ts': "import { h } from './h.js'\nh()", 'h.ts': 'export const h = () => 1' },
  { 'h.ts': 'export const h = () => 2' },
)
const include = { 'flow.ts': FLOW('return 1', '', "include: ['./prompts/*.md']") }
felt('a file that include names', { ...include, 'prompts/a.md': 'one' }, { 'prompts/a.md': 'two' })
felt('a file more', { ...include, 'prompts/a.md': 'one' }, { 'prompts/b.md': 'two' })
felt('a file that include names in full', { 'flow.ts': FLOW('return 1', '', "include: ['./a.md']"), 'a.md': 'one' }, { 'a.md': 'two' })
idle('a folder that include names and that is not there', { 'flow.ts': FLOW('return 1', '', "include: ['./none/*.md']") }, { 'b.md': '' })
idle('a file that include does not name', { ...include, 'prompts/a.md': 'one', 'prompts/deep/b.md': 'one' }, { 'prompts/deep/b.md': 'two' })

felt(
  'a file in the folder of the module that a pattern names',
  { 'flow.ts': FLOW('return 1', '', "include: ['*.md']"), 'a.md': 'one' },
  { 'a.md': 'two' },
)
const deep = (pattern: string): Files => ({
  'src/flow.ts': FLOW('return 1', '', `include: ['${pattern}']`),
  'src/prompts/a/b.md': 'one',
  'src/node_modules/pkg/a.md': 'one',
})
for (const pattern of ['./prompts/**', 'prompts/*/b.md', '**/b.md', './prompts/a/?.md'])
  felt(`a file further down that ${pattern} names`, deep(pattern), { 'src/prompts/a/b.md': 'two' })
idle('a file in node_modules that a pattern does not enter', deep('./**/*.md'), { 'src/node_modules/pkg/a.md': 'two' })
felt('a file in node_modules that is named in full', deep('./node_modules/pkg/a.md'), { 'src/node_modules/pkg/a.md': 'two' })

// Doc tags and settings
const logged = (tag: string, body: string): Files => ({
  'flow.ts': FLOW('return log(1)', "import { log } from './log.js'"),
  'log.ts': `${tag}\nexport function log(x: number) { return ${body} }`,
})
felt('a logger', logged('', 'x'), logged('', 'x + 1'))
idle(
  'a logger that is ignored by a doc tag',
  logged('/** Logs. @mintmark ignore */', 'x'),
  logged('/** Logs. @mintmark ignore */', 'x + 1'),
)
felt('a version in a doc tag', logged('/** @mintmark version 1 */', 'x'), logged('/** @mintmark version 2 */', 'x'))
felt(
  'a file in a folder that a doc tag names by a pattern',
  { ...logged('// @mintmark include ./data/**/*.csv\n', 'x'), 'data/deep/a.csv': '1' },
  { 'data/deep/a.csv': '2' },
)
felt('a file in a doc tag', { ...logged('/** @mintmark include ./data/*.csv */', 'x'), 'data/a.csv': '1' }, { 'data/a.csv': '2' })
const plugin = (settings: object): Files => ({
  'tsconfig.json': JSON.stringify({ compilerOptions: { plugins: [{ transform: 'mintmark/transformer', ...settings }] } }),
})
idle('a logger that is ignored by name', { ...logged('', 'x'), ...plugin({ ignore: ['log.ts#log'] }) }, logged('', 'x + 1'))
idle('a file that is ignored', { ...logged('', 'x'), ...plugin({ ignore: ['log.ts'] }) }, logged('', 'x + 1'))
felt('another file that is ignored', { ...logged('', 'x'), ...plugin({ ignore: ['og.ts', 'log.t'] }) }, logged('', 'x + 1'))
idle('a file that is ignored by a pattern', { ...logged('', 'x'), ...plugin({ ignore: ['*.ts#log', 'lib/**'] }) }, logged('', 'x + 1'))
idle(
  'a declaration that one of two patterns names',
  { ...logged('', 'x'), ...plugin({ ignore: ['log.ts#log', 'log.ts#other'] }) },
  logged('', 'x + 1'),
)
felt('a pattern that is about something else', { ...logged('', 'x'), ...plugin({ ignore: ['log.ts#other'] }) }, logged('', 'x + 1'))

test('several tags of one comment are told apart', () => {
  const tags = readTags(
    '/**\n * @mintmark include ./a/*.csv\n * @mintmark version 2\n * @mintmark include b.csv\n * @mintmark version x\n */',
  )
  assert.equal(tags, { includes: ['./a/*.csv', 'b.csv'], version: '2 x' })
  assert.equal(readTags('/** @mintmark ignore */'), { ignored: true })
  assert.equal(readTags('/** @mintmark version 1 */ // @mintmark ignore'), { ignored: true, version: '1' })
  assert.equal(readTags('// @mintmark include ./a/**/*.csv */\r\n// @mintmark version 1'), { includes: ['./a/**/*.csv */'], version: '1' })
  assert.equal(readTags('/* // @mintmark version 1 */ /* @mintmark version 2 **/'), { version: '1 2 *' })
  assert.equal(readTags('/** @mintmark include */'), {})
  assert.is(readTags('/** plain */'), undefined)
})

// Packages
const pack = (version: string, deep = '1.0.0', body = 'return n', other = 'return 0'): Files => ({
  'node_modules/pkg/package.json': JSON.stringify({ name: 'pkg', version, main: 'index.js', dependencies: { deep: '*' } }),
  'node_modules/pkg/index.js': `exports.used = function (n) { ${body} }\n`,
  'node_modules/pkg/esm.mjs': `export function used(n) { ${body} }\nexport function other(n) { ${other} }\n`,
  'node_modules/deep/package.json': JSON.stringify({ name: 'deep', version: deep }),
})
const uses = (settings: object, from = 'pkg'): Files => ({
  'flow.ts': FLOW('return used(1)', `import { used } from '${from}'`),
  ...plugin(settings),
  ...pack('1.0.0'),
})
felt('the version of a package', uses({}), pack('1.0.1'))
felt('the version of what it depends on', uses({}), pack('1.0.0', '1.0.1'))
felt('packages: version, the version', uses({ packages: 'version' }), pack('1.0.1'))
idle('packages: version, what it depends on', uses({ packages: 'version' }), pack('1.0.0', '1.0.1'))
idle('packages: ignore', uses({ packages: { pkg: 'ignore' } }), pack('2.0.0', '2.0.0'))
test('of two entries of the plugin the first one counts', () => {
  const plugins = [null, { name: 'lsp' }, { transform: 'mintmark/transformer', packages: 'ignore' }, { transform: 'mintmark/transformer' }]
  const files = { ...uses({}), 'tsconfig.json': JSON.stringify({ compilerOptions: { plugins } }) }
  assert.equal(changed(files, pack('1.0.1')), [])
})
test('what another plugin is told is none of it', () => {
  const plugins = [{ transform: 'another', packages: 'ignore' }, { transform: 'mintmark/transformer' }]
  const files = { ...uses({}), 'tsconfig.json': JSON.stringify({ compilerOptions: { plugins } }) }
  assert.equal(changed(files, pack('1.0.1')), ['F.a'])
})
felt('packages by name, another one', uses({ packages: { other: 'ignore' } }), pack('2.0.0'))
idle(
  'packages: source, an upgrade that does not touch what is called',
  uses({ packages: { pkg: 'source' } }, 'pkg/esm.mjs'),
  pack('2.0.0', '1.0.0', 'return n', 'return 1'),
)
felt('packages: source, what is called', uses({ packages: { pkg: 'source' } }, 'pkg/esm.mjs'), pack('1.0.0', '1.0.0', 'return n + 1'))
for (const kind of ['import', 'require'])
  test(`packages: source, what Node runs counts and not what lies beside the types: ${kind}`, () => {
    const files: Files = {
      ...uses({ packages: 'source' }),
      'package.json': JSON.stringify({ type: kind === 'import' ? 'module' : 'commonjs' }),
      'node_modules/pkg/package.json': JSON.stringify({
        name: 'pkg',
        version: '1.0.0',
        exports: { types: './types/index.d.ts', import: './run/import.mjs', require: './run/require.cjs' },
      }),
      'node_modules/pkg/types/index.d.ts': 'export declare function used(n: number): number',
      'node_modules/pkg/types/index.js': 'export function used(n) { return n }',
      'node_modules/pkg/run/import.mjs': 'export function used(n) { return n }',
      'node_modules/pkg/run/require.cjs': 'exports.used = function (n) { return n }',
    }
    const edit = (file: string): Files => ({ [file]: files[file]!.replace('return n', 'return n + 1') })
    const isRun = Object.keys(files).filter(
      (file) => file.startsWith('node_modules/pkg/') && /js$/.test(file) && changed(files, edit(file)).length > 0,
    )
    assert.equal(isRun, [`node_modules/pkg/run/${kind}.${kind === 'import' ? 'mjs' : 'cjs'}`])
  })
const assigning = (what: string): Files => ({ 'flow.ts': FLOW('return kept', `let kept = 0\nexport function set(n: number) { ${what} }`) })
felt('a function that assigns a let, all of it', assigning('if (n > 1) kept = 5'), assigning('if (n > 2) kept = 5'))

test('packages: source, a file of the package behind a name of its own', () => {
  const files: Files = {
    'flow.ts': uses({})['flow.ts']!,
    ...plugin({ packages: 'source' }),
    'node_modules/pkg/package.json': JSON.stringify({
      name: 'pkg',
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
      imports: { '#inner': './inner.js' },
    }),
    'node_modules/pkg/index.js': "export { used } from '#inner'",
    'node_modules/pkg/inner.js': 'export function used(n) { return n }',
  }
  assert.equal(changed(files, { 'node_modules/pkg/inner.js': 'export function used(n) { return n + 1 }' }), ['F.a'])
})
test('packages: source, what only Node finds', () => {
  const files: Files = {
    'flow.ts': uses({})['flow.ts']!,
    ...plugin({ packages: 'source' }),
    'node_modules/pkg/package.json': JSON.stringify({ name: 'pkg', version: '1.0.0', exports: { 'node-addons': './addon.js' } }),
    'node_modules/pkg/addon.js': 'exports.used = function (n) { return n }',
  }
  assert.equal(changed(files, { 'node_modules/pkg/addon.js': 'exports.used = function (n) { return n + 1 }' }), ['F.a'])
})
const typesOnly = (version: string): Files => ({
  'node_modules/pkg/package.json': JSON.stringify({ name: 'pkg', version, types: 'index.d.ts' }),
})
felt(
  'packages: source, the version of a package that has nothing to run',
  {
    'flow.ts': uses({})['flow.ts']!,
    ...plugin({ packages: 'source' }),
    ...typesOnly('1.0.0'),
    'node_modules/pkg/index.d.ts': 'export declare function used(n: number): number',
  },
  typesOnly('1.0.1'),
)
felt('packages: source, CommonJS', uses({ packages: { '*': 'source' } }), pack('1.0.0', '1.0.0', 'return n + 1'))
test('a setting that cannot be understood is refused', () => {
  assert.throws(() => changed({ ...uses({ packages: { pkg: 'nope' } }) }, {}), /MM5030 `packages\.pkg` .* closure, version, ignore, source/)
  for (const packages of [5, null, [1]]) assert.throws(() => changed({ ...uses({ packages }) }, {}), /MM5030 `packages/)
  for (const ignore of ['x', [1]]) assert.throws(() => changed({ ...uses({ ignore }) }, {}), /MM5030 `ignore`/)
  for (const strict of ['true', 1, null]) assert.throws(() => changed({ ...uses({ strict }) }, {}), /MM5030 `strict` .* true or false/)
  for (const manifest of [true, 1]) assert.throws(() => changed({ ...uses({ manifest }) }, {}), /MM5030 `manifest` .* a path or false/)
  assert.throws(() => changed({ ...uses({ stric: true, package: 1 }) }, {}), /MM5030 `stric` .* one of packages, ignore, manifest, strict/)
  const names = 'transformProgram name import isEsm resolvePathAliases tsConfig type after afterDeclarations'.split(' ')
  const ofTsPatch = Object.fromEntries(names.map((name) => [name, false]))
  assert.equal(changed({ ...uses({ ...ofTsPatch, strict: false, manifest: 'closures.json' }) }, {}), [])
})

const made = (n: number): Files => ({
  'flow.ts': FLOW('return A.v', `class A { static v = [1]; static w = 1 }\nconst o = { k: A.w + 1 }\no.k = ${n}`),
})
idle('a write to what was made from a static value', made(1), made(2))
const heir = (n: number): Files => ({
  'flow.ts': FLOW('return B.v', `import { EventEmitter } from 'node:events'\nconst B: any = class extends EventEmitter {}\nB.v = ${n}`),
})
felt('a write to a class in a variable that extends one of Node', heir(1), heir(2))

const configured = (n: number): Files => ({
  ...installed('1.0.0'),
  'flow.ts': FLOW('return get()', `import { configure, get } from 'pkg'\nconst done = configure(${n})`),
})
felt('a call of a package whose result nobody uses', configured(1), configured(2))

// emitDecoratorMetadata
const injected = (metadata: boolean): Files => ({
  'tsconfig.json': JSON.stringify({ compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: metadata } }),
  'flow.ts': FLOW('return resolve(C)', "import { C } from './c.js'\ndeclare const resolve: any"),
  'c.ts': "import { A } from './a.js'\ndeclare const injectable: any\n@injectable() export class C { constructor(private a: A) {} }",
  'a.ts': 'export class A { x = 1 }',
})
const optional = (n: number): Files => ({
  ...injected(true),
  'c.ts': injected(true)['c.ts']!.replace(
    'constructor(private a: A) {}',
    'constructor(a: string)\nconstructor(private a: A | undefined) {}',
  ),
  'a.ts': `export class A { x = ${n} }`,
})
felt('under emitDecoratorMetadata, a class that is part of a type of the constructor with a body', optional(1), optional(2))
felt('under emitDecoratorMetadata, a class that is named as a type beside a decorator', injected(true), {
  'a.ts': 'export class A { x = 2 }',
})
const plainly = {
  'c.ts': injected(true)['c.ts']!.replace('declare const injectable: any', 'const injectable = () => (to: any) => to'),
}
felt(
  'under emitDecoratorMetadata, a class that is named as a type where nothing is a global',
  { ...injected(true), ...plainly },
  {
    'a.ts': 'export class A { x = 2 }',
  },
)
const typed = (member: string, metadata = true): Files => ({
  ...injected(metadata),
  'c.ts': `import { A } from './a.js'\ndeclare const d: any\nexport class C { ${member} }`,
})
for (const [from, to] of [
  ['@d x: string', '@d x: number'],
  ['@d x: Date', '@d x: Map<string, string>'],
  ['@d x: string', '@d x: string[]'],
  ['@d x: Date', '@d x: RegExp'],
  ['@d x: `a${number}`', '@d x: number'],
  ['@d x: A', '@d x: string'],
  ['@d m(x: string) {}', '@d m(x: boolean) {}'],
  ['@d m(): string { return x }', '@d m(): A { return x }'],
  ['@d x: () => string', '@d x: string'],
  ['@d x: A.B', '@d x: string'],
  ["@d x: 'a' | 'b'", '@d x: 1 | 2'],
  ['@d x: `a${string}`', '@d x: A'],
  ['@d x: new () => A', '@d x: A'],
  ['@d m(x: string, y) {}', '@d m(x, y: string) {}'],
  ['@d m(x: string) {}', '@d m(x): string {}'],
  ['m(@d x, y: string) {}', 'm(@d x, y: number) {}'],
  ['m(@d x): string {}', 'm(@d x): number {}'],
  ['constructor(@d x, y: string) {}', 'constructor(@d x, y: number) {}'],
  ['@d get x() {} set x(v: string) {}', '@d get x() {} set x(v: number) {}'],
  ['get x(): string {} @d set x(v) {}', 'get x(): number {} @d set x(v) {}'],
] as const) {
  felt(`under emitDecoratorMetadata, ${to} for ${from}`, typed(from), typed(to))
  idle(`without it, ${to} for ${from}`, typed(from, false), typed(to, false))
}
for (const [from, to] of [
  ['x: Object', 'x: object'],
  ['x: unknown', 'x: any'],
  ['x: string', 'x: String'],
  ['x: string', "x: 'a'"],
  ['x: number', 'x: 1'],
] as const)
  idle(`under emitDecoratorMetadata, ${to} for ${from}, of which the same becomes`, typed(`@d ${from}`), typed(`@d ${to}`))
idle('under emitDecoratorMetadata, a type beside no decorator', typed('x: string'), typed('x: number'))
idle(
  'under emitDecoratorMetadata, a type of a member beside a decorated one',
  typed('@d m() {} n(x: string) {}'),
  typed('@d m() {} n(x: number) {}'),
)
const aliased = (type: string): Files => ({ ...typed('@d x: T'), 'c.ts': `${typed('@d x: T')['c.ts']}\ntype T = ${type}` })
felt('under emitDecoratorMetadata, what an alias of the module stands for', aliased('string'), aliased('number'))
const beside = (type: string, other: number): Files => ({
  'c.ts': `${aliased('string')['c.ts']!.replace('type T = string', `type S = string\ntype T = ${type}`)}\nexport const other = ${other}`,
})
felt('under emitDecoratorMetadata, the second of two aliases', { ...aliased(''), ...beside('string', 1) }, beside('number', 1))
idle(
  'under emitDecoratorMetadata, what stands beside an alias that names itself',
  { ...aliased(''), ...beside('T[]', 1) },
  beside('T[]', 2),
)
idle(
  'under emitDecoratorMetadata, a type of another accessor',
  typed('@d get x() { return 1 } get y(): string { return z }'),
  typed('@d get x() { return 1 } get y(): number { return z }'),
)
const stepTyped = (types: string): Files => ({
  ...injected(true),
  'flow.ts': `import { FlowSpec, step, memoize } from 'mintmark'\ndeclare const d: any\nexport class F extends FlowSpec { @step @memoize({}) a(${types}) {} }`,
})
felt(
  'under emitDecoratorMetadata, all types of a step with a decorated parameter',
  stepTyped('@d x, y: string'),
  stepTyped('@d x, y: number'),
)
idle('under emitDecoratorMetadata, types of a step with no decorators but ours', stepTyped('x, y: string'), stepTyped('x, y: number'))
idle('without it, the same', injected(false), { 'a.ts': 'export class A { x = 2 }' })

test('the stamp tells which private fields no key can hold: those that are read and assigned', () => {
  const text = `import { memoize } from 'mintmark'
export class S {
  #assigned = 1
  #constant = 2
  #unread = 3
  constructor(n: number) { this.#assigned = n; this.#unread = n }
  @memoize({}) async ask() { return this.#assigned + this.#constant + this.#twice() }
  @memoize({}) async other() { return this.#constant }
  #twice() { return 2 }
}`
  assert.equal(stampOf({ 'flow.ts': text }, 'S.ask').hidden, ['#assigned'])
  assert.is(stampOf({ 'flow.ts': text }, 'S.other').hidden, undefined)
  const another = `${text}
class Count { #n = 0; next() { return ++this.#n } }`.replace('return this.#constant', 'return new Count().next()')
  assert.is(stampOf({ 'flow.ts': another }, 'S.other').hidden, undefined, 'those of another class are made anew')
})

test('a field is read wherever its value goes', () => {
  for (const use of [
    'use(this.x)',
    'return this.x',
    'return `${this.x}`',
    'return [...this.x]',
    'this.x += 1',
    'this.x.push(1)',
    'const { x } = this; use(x)',
  ]) {
    const files = { 'flow.ts': FLOW(use, 'declare const use: any').replace('\n}\n', '\nx: any\n}\n') }
    assert.equal(stampOf(files, 'F.a').reads, ['x'], use)
  }
  const other = { 'flow.ts': FLOW('new C().m()', 'declare const use: any\nclass C { m() { use(this) } }') }
  assert.equal(stampOf(other, 'F.a').reads, [], 'the this of another class')
  const side = { 'flow.ts': FLOW('C.s()', 'class C { static s() { return (this as any).m } }') }
  assert.equal(stampOf(side, 'F.a').reads, [], 'the this of a static method')
  const given = { 'flow.ts': FLOW('C.s()', 'declare const use: any\nclass C { static s() { return use(this) } }') }
  assert.equal(stampOf(given, 'F.a').reads, [], 'the this of a static method, handed on')
  assert.equal(stampOf({ 'flow.ts': FLOW('this.x = 1').replace('\n}\n', '\nx: any\n}\n') }, 'F.a').reads, [])
})

test('what is captured and plainly a function counts as code, the rest by value', () => {
  for (const [before, captures] of [
    ['const g = (n: number) => n', []],
    ['const g = function (n: number) { return n }', []],
    ['function g(n: number) { return n }', []],
    ['let g = (n: number) => n', ['g']],
    ['const g = make(1)', ['g']],
    ['const { g } = make(1)', ['g']],
    ['const g = Math.max', ['g']],
  ] as const) {
    const text = `import { memoize } from 'mintmark'\ndeclare const make: any\nexport function outer() { ${before}; return memoize(async (n: number) => g(n)) }`
    assert.equal(readStepsOf({ 'flow.ts': text }).get('flow.ts')!.functions[0]!.captures, captures, before)
  }
})

test('where `memoize` stands deeper than a function that is captured, the parameters and locals of that are its own', () => {
  const triple = 'const triple = (m: number): number => { const three = 3; { const more = 0; return m * three + more } }'
  const twice = 'function twice(m: number) { return triple(m) + triple(m) }'
  for (const [body, captures] of [
    ['{ { return memoize(async () => triple(k)) } }', [['k']]],
    ['if (k) { for (const m of [k]) { return memoize(async () => twice(m)) } }', [['m']]],
    ['return memoize(async () => (triple(k), memoize(async () => triple(k))))', [['k'], ['k']]],
    [
      'return [1].map((m) => memoize(async () => () => { { { return memoize(async () => twice(m) + k) } } }))',
      [
        ['k', 'm'],
        ['k', 'm'],
      ],
    ],
    ['{ const triple = 0; return memoize(async () => twice(triple)) }', [['triple']]],
  ] as const) {
    const text = `import { memoize } from 'mintmark'\nexport function make(k: number): any { ${triple}; ${twice}; ${body} }`
    const { functions } = readStepsOf({ 'flow.ts': text }).get('flow.ts')!
    assert.equal(
      functions.map((f) => f.captures),
      captures,
      body,
    )
    const edited = readStepsOf({ 'flow.ts': text.replace('three = 3', 'three = 4') }).get('flow.ts')!
    for (const [i, { stamp }] of edited.functions.entries()) assert.is.not(stamp.fingerprint, functions[i]!.stamp.fingerprint, body)
  }
})

test('a class without steps gets no stamp', () => {
  const text = FLOW('return 1', 'export class Plain { m() {} }\nexport class Child extends Plain {}\nexport enum E { A }')
  assert.equal(
    readStepsOf({ 'flow.ts': text })
      .get('flow.ts')!
      .classes.map((c) => Object.keys(c.stamp.steps)),
    [['a', 'b']],
  )
})

// What functions have of their own, which arrows take from around them: undefined where no stamp is given.
const OWN: readonly (readonly [text: string, captures: readonly string[] | undefined])[] = [
  ['class C { n = 1; make() { return memoize(async () => this.n) } }', ['this']],
  ['class C { n = 1; make() { return memoize(async () => { const { n } = this; return n }) } }', ['this']],
  ['class C { #n = 1; make = memoize(async () => this.#n) }', ['this']],
  ['class C extends B { make() { return memoize(async () => super.n) } }', ['this']],
  ['class C extends B { make(k) { return memoize(async () => super[k]) } }', ['k', 'this']],
  ['class C { n = 1; make() { return memoize(async function () { return this.n }) } }', []],
  ['class C { n = 1; make() { return { n: 2, make() { return memoize(async () => this.n) } } } }', ['this']],
  ['const C = class { n = 1; make = memoize(async () => this.n) }', ['this']],
  ['const C = class { static n = 1; static make; static { this.make = memoize(async () => this.n) } }', ['this']],
  ['const mixin = (Base) => class extends Base { make = memoize(async () => this.n) }', ['this']],
  ['const mixin = (Base) => class extends Base { #n = 1; make = memoize(async () => this.#n) }', ['this']],
  ['const o = { n: 1, make() { return memoize(async () => this.n) } }', ['this']],
  ['const o = { make() { return memoize(async () => super.toString()) } }', ['this']],
  ['function Make() { return memoize(async () => this.n) }', ['this']],
  ['function Make() { const h = () => this.n; return memoize(async () => h()) }', ['this']],
  ['function Make() { const h = () => this.n; return function () { return memoize(async () => h()) } }', undefined],
  ['class C { make() { const h = () => this.n; return function () { return memoize(async () => h()) } } }', undefined],
  ['function make() { return memoize(async () => arguments[0]) }', ['arguments']],
  ['function make() { return memoize(async () => [1].map(() => arguments[0])) }', ['arguments']],
  ['function make() { return memoize(async function () { return arguments[0] }) }', []],
  ['function Make() { return memoize(async () => new.target) }', ['new.target']],
  ['const make = () => memoize(async () => this)', []],
]
for (const [text, captures] of OWN)
  test(`a memoized function in \`${text}\` captures ${captures ? captures.join(' and ') || 'nothing' : 'what cannot be had there'}`, () => {
    const { functions } = readStepsOf({ 'a.js': `import { memoize } from 'mintmark'\nexport ${text}` }).get('a.js')!
    assert.equal(functions[0]?.captures, captures)
  })

test('memoize of another package makes no steps, and neither does a mention of it', () => {
  const own = "import { memoize } from 'mintmark'\n"
  for (const text of [
    "import { memoize } from 'lodash'\nexport const f = memoize(async () => 1)",
    "import { memoize, step } from 'other'\nexport class F { @step @memoize({}) a() {} }",
    `${own}const wrap = (g: any) => [memoize, g]\nexport const f = wrap(async () => 1)`,
    `${own}const other = (g: any) => g\nconst wrap = (g: any) => other(g)\nexport const f = wrap(async () => 1)`,
    `${own}class W { static wrap(g: any) { return g } }\nexport const f = W.wrap(async () => 1)`,
    `${own}const wrap = (g: any) => String(g)\nexport const f = wrap(async () => 1)`,
    `${own}export function make(memoize: any) { return memoize(async () => 1) }`,
  ])
    assert.equal(readStepsOf({ 'flow.ts': text }).get('flow.ts')?.steps ?? [], [], text)
})

test('the parameter of a memoized method is an argument, also below a class of the project', () => {
  const text =
    "import { memoize } from 'mintmark'\nclass Base {}\nexport class S extends Base { @memoize({}) async twice(n: number) { return n * 2 } }"
  assert.is(stampOf({ 'flow.ts': text }, 'S.twice').joins, undefined)
})

test('the parameter of a memoized method is an argument, and its fields are read as told', () => {
  const text =
    "import { memoize } from 'mintmark'\nexport class S { factor = 1; log: unknown; @memoize({}) async scale(n: number) { return n * this.factor } }"
  const { reads, joins } = stampOf({ 'flow.ts': text }, 'S.scale')
  assert.equal({ reads, joins }, { reads: ['factor'], joins: undefined })
})

test('a file that new URL names and that is not there is told', () => {
  assert.equal(
    diagnose({ 'flow.ts': url['flow.ts'] }).map((d) => d.code),
    ['MM1009'],
  )
})

const WRITER = (value: number): string => `import { box } from './box.js'\nbox.x = ${value}\nexport const w = () => 1\n`
// The method is found by its name when all else has been walked, and asked who writes to it.
felt(
  'what a module that comes in late writes to what was reached before it',
  {
    'a.ts': FLOW('this.out = [box.x, await new C().m()]', "import { box } from './box.js'\nimport { C } from './c.js'"),
    'box.ts': 'export const box = { x: 0 }\n',
    'c.ts': "export class C { async m() { const { g } = await import('./late.js'); return g() } }\n",
    'late.ts': "import { w } from './writer.js'\nexport const g = () => w()\n",
    'writer.ts': WRITER(1),
  },
  { 'writer.ts': WRITER(2) },
)

test.run()
