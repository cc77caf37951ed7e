// What a step reaches that its fingerprint cannot speak for is told: code, place, path from the step, way out. Pure code is left in peace.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Diagnostic, formatDiagnostic } from '../transformer/diagnostics.js'
import { diagnose } from './support/steps.js'

function flow(body: string, before = '', options = ''): string {
  return `import { FlowSpec, step, memoize } from 'mintmark'\n${before}\nexport class F extends FlowSpec {\n@step @memoize({${options}}) a() { ${body} }\n x = 1\n}\n`
}

const codes = (list: readonly Diagnostic[]): string[] => list.map((d) => `${d.code} ${d.line}:${d.column}`)

const TOLD: readonly (readonly [name: string, text: string, codes: readonly string[]])[] = [
  ['eval', flow('return eval("1")'), ['MM1001 4:33']],
  ['new Function', flow('return new Function("return 1")'), ['MM1001 4:33']],
  ['import() of a name', flow('return import(name)', 'const name = String(1)'), ['MM1002 4:33']],
  ['require of a name', flow('return require(name)', 'declare const require: any\nconst name = String(1)'), ['MM1002 5:33']],
  ['a let that a function of the module writes', flow('return n', 'let n = 0\nexport function inc() { n++ }'), ['MM1003 3:25']],
  [
    'a container that a function writes to',
    flow('return get()', 'const seen = new Map()\nfunction get() { seen.set(1, 1); return 1 }'),
    ['MM1003 3:18'],
  ],
  ['a let that a method writes', flow('return n', 'let n = 0\nexport class S { inc() { n++ } }'), ['MM1003 3:26']],
  [
    'a let that two functions write, once,',
    flow('return n', 'let n = 0\nexport function inc() { n++ }\nexport function dec() { n-- }'),
    ['MM1003 3:25'],
  ],
  [
    'what createRequire made, by a name',
    flow('return load(this.x)', "import { createRequire } from 'module'; const load = createRequire(import.meta.url)", "inputs: ['x']"),
    ['MM1002 4:46'],
  ],
  ['an environment variable', flow('return process.env.KEY'), ['MM1004 4:33']],
  ['a destructured environment', flow('const { KEY } = process.env; return KEY'), ['MM1004 4:34']],
  ['the whole environment', flow('const env = process.env; return env'), ['MM1004 4:38']],
  [
    'an environment variable by a name that is no literal',
    flow('return process.env[this.x]', '', "env: ['x', 'undefined']"),
    ['MM1004 4:56'],
  ],
  ['the clock', flow('return Date.now()'), ['MM1006 4:33']],
  ['new Date()', flow('return new Date()'), ['MM1006 4:33']],
  ['chance', flow('return Math.random()'), ['MM1007 4:33']],
  ['the clock, handed on', flow('return run(Date.now)'), ['MM1006 4:37']],
  ['the clock, taken out', flow('const { now } = Date; return now()'), ['MM1006 4:34']],
  ['chance, under another name', flow('const r = Math.random; return r()'), ['MM1007 4:36']],
  ['an environment variable by an import', flow('return env.KEY', "import { env } from 'node:process'"), ['MM1004 4:33']],
  ['an environment variable by the global object', flow('return globalThis.process.env.KEY'), ['MM1004 4:33']],
  ['the clock as text', flow('return Date()'), ['MM1006 4:33']],
  ...['* as c', 'c', 'c, { hash }', 'c, * as d'].map(
    (names) =>
      [`chance of node:crypto by ${names}`, flow('return c.randomInt(9)', `import ${names} from 'crypto'`), ['MM1007 4:33']] as const,
  ),
  ['chance of node:crypto', flow('return id()', "import { randomUUID as id } from 'node:crypto'"), ['MM1007 4:33']],
  ...[
    "join(__dirname, 'x.txt')",
    "join(dirname(fileURLToPath(import.meta.url)), 'x.txt')",
    "path.resolve('x', 'y')",
    '`${import.meta.dirname}/x`',
    "import.meta.filename + '.txt'",
    'FILE',
  ].map(
    (place) =>
      [
        `a file with the fixed name ${place}`,
        flow(
          `return readFile(${place})`,
          "import { fileURLToPath } from 'url'; import path, { dirname, join } from 'node:path'; const FILE = join(process.cwd(), 'x')",
        ),
        ['MM1008 4:33'],
      ] as const,
  ),
  ['a worker with a fixed name', flow("return new Worker('./w.js')"), ['MM1008 4:33']],
  ['a file with a fixed name', flow("return fs.readFileSync('x.txt')", "import fs from 'node:fs'"), ['MM1008 4:33']],
  [
    'a capture that means something else where the function is made',
    "import { memoize } from 'mintmark'\nexport function make(k: number) {\n  const add = async (n: number) => n + k\n  { const k = 'other'; return [memoize((n: number) => add(n)), k] }\n}",
    ['MM1005 4:40'],
  ],
  ['a package that is not installed', flow('return gone()', "import { gone } from 'gone-package'"), ['MM1009 4:1']],
  ['a missing module', flow('return gone()', "import { gone } from './gone.js'"), ['MM1009 4:1']],
  ['a bare this with no inputs', flow('return JSON.stringify(this)'), ['MM1010 4:1']],
]
for (const [name, text, expected] of TOLD) test(`${name} is told`, () => assert.equal(codes(diagnose({ 'flow.ts': text })), expected))

const PURE: readonly (readonly [name: string, text: string])[] = [
  [
    'a file with a name that is given',
    flow("return readFile(join(dir, this.x)) + readFile(name) + readFile('a' - b) + readFile(`${__dirname}/${dir}`)", "let name = 'x'"),
  ],
  ['a file that counts by content', flow("return readFile(new URL('./flow.ts', import.meta.url))")],
  ['a file whose name an array joins', flow("return readFile(parts.join('/')) + readFile(o.cwd())", 'declare const parts: any, o: any')],
  ['the worker of a queue', flow("return new Worker('queue', run)")],
  ['names that come round to themselves', flow('return readFile(a)', 'const a = b\nconst b = a')],
  ['a field that is called now', flow('const { now } = clock; return run(clock.now, now)', 'const clock = { now: () => 1 }')],
  ['arithmetic and strings', flow('return `${1 + 2} ${"a".repeat(3)}`')],
  ['a date that is given', flow('return new Date(0).getTime() + Date.parse("2020-01-01")')],
  ['an environment variable that is declared', flow('return process.env.KEY', '', "env: ['KEY']")],
  ['the clock in code that no step reaches', flow('return 1', 'export const now = () => Date.now()')],
  ['a module let that only the top level writes', flow('return n', 'let n = 0\nn = 1')],
  ['a local container', flow('const m = new Map(); m.set(1, 1); return m.size')],
  ['a bare this with inputs', flow('return JSON.stringify(this)', '', "inputs: ['x']")],
  ['a function of the project that is called randomInt', flow('return randomInt(1)', 'const randomInt = (n: number) => n')],
  ['the clock in a step below that is not memoized', flow('return 1').replace(' x = 1', ' x = 1\n@step b() { return Date.now() }')],
  [
    'a step by a decorator of the project that is made with step',
    "import { FlowSpec, step } from 'mintmark'\nconst marked = (v: any, c: any) => step(v, c)\nexport class F extends FlowSpec { @marked a() { return Date.now() } }",
  ],
  [
    'a step below a class of the project that memoizes nothing',
    "import { FlowSpec, step } from 'mintmark'\nclass B extends FlowSpec {}\nexport class F extends B { @step a() { return Date.now() } }",
  ],
  ['a field that is called memoize', flow('return 1').replace(' x = 1', ' memoize = true\n@step b() { return Date.now() }')],
  [
    'a container beside one that a function writes to',
    flow(
      'return get()',
      'const seen = new Map()\nconst held = new Map()\nfunction get() { return held }\nexport function put() { seen.set(1, 1) }',
    ),
  ],
  ['a container that functions only read', flow('return get()', 'const seen = new Map()\nfunction get() { return seen.get(1) }')],
  [
    'a container that a function hands to another one',
    flow('return get(new Map())', 'const key = {}\nfunction get(m: any) { return m.set(key, 1) }'),
  ],
  [
    'a property that is named like a method which writes',
    flow('return get()', "const icons = { add: '+', delete: '-' }\nfunction get(k: any) { return [icons.add, (icons as any)[k]] }"),
  ],
  [
    'a method that is only looked for',
    flow('return get()', 'const held: any = make()\nfunction get() { return held.clear === undefined }'),
  ],
  [
    'the clock in a method that nobody calls, before a constructor',
    flow('return new C()', 'class C { now() { return Date.now() } constructor() {} }'),
  ],
  ['a declared environment variable by a literal', flow("return process.env['KEY']", '', "env: ['KEY']")],
  ['a declared environment variable under another name', flow('const { KEY: k } = process.env; return k', '', "env: ['KEY']")],
  [
    'a declared environment variable of a function',
    "import { memoize } from 'mintmark'\nexport const f = memoize(async () => process.env.KEY, { env: ['KEY'] })",
  ],
  ['a method called import or eval', flow('return o.eval(o.import)', 'const o = { eval: (x: unknown) => x, import: 1 }')],
  [
    'a step that is not memoized',
    "import { FlowSpec, step } from 'mintmark'\nexport class F extends FlowSpec { @step a() { return Date.now() } }",
  ],
]
for (const [name, text] of PURE) test(`${name}: nothing to tell`, () => assert.equal(codes(diagnose({ 'flow.ts': text })), []))

test('the path from the step and the way out are told', () => {
  const [found, ...rest] = diagnose({
    'flow.ts': flow('return outer()', "import { outer } from './outer.js'"),
    'outer.ts': "import { inner } from './inner.js'\nexport const outer = () => inner()",
    'inner.ts': 'export function inner() {\n  return Date.now()\n}',
  })
  assert.equal(rest, [])
  assert.is(found!.file, 'inner.ts')
  assert.equal(found!.path, ['flow.ts#F.a', 'outer.ts#outer', 'inner.ts#inner'])
  assert.is(
    formatDiagnostic(found!),
    'inner.ts:2:10 - warning MM1006: step `F.a`: `Date.now()` reads the clock (F.a -> outer -> inner). Pass the time as an input, or give the step a `ttl`.',
  )
})

test('of two paths the one that is met first is told', () => {
  const [found] = diagnose({
    'flow.ts': flow(
      'return [one(), two()]',
      'const one = () => clock()\nconst two = () => clock()\nfunction clock() { return Date.now() }',
    ),
  })
  assert.equal(found!.path, ['flow.ts#F.a', 'flow.ts#one', 'flow.ts#clock'])
})

test('what a bundler puts a constant in the place of is nothing to tell', () => {
  const files = { 'flow.ts': flow('return [process.env.MODE, process.env.KEY]') }
  const defines = { 'process.env.MODE': '"production"' }
  assert.equal(codes(diagnose(files, { defines, aliases: [] })), ['MM1004 4:52'])
})

test('a statement at the top is told by its line', () => {
  const [found] = diagnose({ 'flow.ts': flow('return 1', '(globalThis as any).now = Date.now()') })
  assert.equal(found!.path, ['flow.ts#statement:2'])
})

test('a flow whose base memoizes every step has them all looked at', () => {
  const text =
    "import { FlowSpec, step } from 'mintmark'\nclass B extends FlowSpec { static memoize = true }\nexport class F extends B { @step a() { return Date.now() } }"
  assert.equal(
    diagnose({ 'flow.ts': text }).map((d) => d.code),
    ['MM1006'],
  )
})

test('a place in the step itself has no path', () => {
  const [found] = diagnose({ 'flow.ts': flow('return Date.now()') })
  assert.is(found!.message, 'step `F.a`: `Date.now()` reads the clock. Pass the time as an input, or give the step a `ttl`.')
})

test('long code is shortened', () => {
  const [found] = diagnose({ 'flow.ts': flow(`return eval(${JSON.stringify('x'.repeat(100))})`) })
  assert.match(found!.message, `\`eval("${'x'.repeat(51)}...\` makes code`)
})

test('an export that is not there is told', () => {
  const files = (text: string): Record<string, string> => ({ 'flow.ts': text, 'there.ts': 'export const there = 1' })
  assert.equal(codes(diagnose(files(flow('return gone()', "import { gone } from './there.js'")))), ['MM1009 4:1'])
  assert.equal(codes(diagnose(files(flow('return ns.gone()', "import * as ns from './there.js'")))), ['MM1009 4:1'])
})

test('the clock is no surprise where results grow old', () => {
  assert.equal(codes(diagnose({ 'flow.ts': flow('return Date.now() + process.uptime()', '', "ttl: '1d'") })), [])
})

const CALLS: Readonly<Record<string, readonly string[]>> = {
  MM1001: ['eval', 'Function', 'vm.runInThisContext', 'vm.compileFunction', 'new vm.Script'],
  MM1006: ['Date.now', 'performance.now', 'process.hrtime', 'process.uptime', 'process.hrtime.bigint'],
  MM1007: [
    'Math.random',
    'crypto.randomUUID',
    'globalThis.crypto.randomUUID',
    'crypto.getRandomValues',
    'crypto.randomBytes',
    'crypto.randomInt',
    'randomUUID',
    'randomBytes',
    'randomInt',
  ],
  MM1008: [
    'readFile',
    'fs.promises.readFile',
    'fs.readFileSync',
    'fs.createReadStream',
    'readdir',
    'readdirSync',
    'open',
    'openSync',
    'fork',
    'Bun.file',
    'Deno.readTextFile',
    'opendir',
    'opendirSync',
  ],
}
for (const [code, names] of Object.entries(CALLS))
  for (const name of names)
    test(`${name} is told`, () => {
      const before = name.startsWith('random') ? `import { ${name} } from 'node:crypto'` : ''
      assert.equal(codes(diagnose({ 'flow.ts': flow(`return ${name}('x')`, before) })), [`${code} 4:33`])
    })

const WRITES = [
  ...'push pop shift unshift splice sort reverse fill copyWithin set add delete clear'.split(' ').map((name) => `held.${name}(1)`),
  'held.x = 1',
  'delete held.x',
  'Object.assign(held, {})',
  "Object.defineProperty(held, 'x', {})",
  'Object.defineProperties(held, {})',
  'Object.setPrototypeOf(held, null)',
  "Reflect.set(held, 'x', 1)",
]
for (const write of WRITES)
  test(`${write} in a function is told`, () => {
    const text = flow('return put()', `const held: any = make()\nfunction put() { ${write}; return 1 }`)
    assert.equal(
      diagnose({ 'flow.ts': text }).map((d) => d.code),
      ['MM1003'],
    )
  })

test('a flow that memoizes every step has them all looked at', () => {
  const text =
    "import { FlowSpec, step } from 'mintmark'\nexport class F extends FlowSpec { static memoize = true\n@step a() { return Date.now() } }"
  assert.equal(codes(diagnose({ 'flow.ts': text })), ['MM1006 3:20'])
})

test.run()
