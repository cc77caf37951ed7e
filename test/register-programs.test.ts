// Without a build: what programs print under `mintmark run`, the first time and from what that has kept.

import { rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Files, inProject, MINTMARK } from './support/unbuilt.js'

/** What a program prints, by its files; the program is `main.ts`. */
const PROGRAMS: readonly (readonly [name: string, files: Files, stdout: string])[] = [
  [
    'paths, folders and names without extension, as bundler resolution allows',
    {
      'tsconfig.json': '{"compilerOptions":{"module":"esnext","moduleResolution":"bundler","paths":{"@lib/*":["./lib/*"]}}}',
      'main.ts': `import { a } from '@lib/a'; import { b } from './b'; import { c } from './c.js'; console.log(a, b, c)`,
      'lib/a.ts': 'export const a: number = 1',
      'b/index.ts': 'export const b: number = 2',
      'c.ts': 'export const c: number = 3',
    },
    '1 2 3',
  ],
  [
    'JSON, with and without attributes',
    {
      'main.ts': `import a, { x } from './a.json'; import b from './b.json' with { type: 'json' }; console.log(a, x, b)`,
      'a.json': '{"x":1,"y-z":2}',
      'b.json': '[3]',
    },
    `{ x: 1, 'y-z': 2 } 1 [ 3 ]`,
  ],
  [
    'CommonJS under an ES module, by the names of its exports',
    {
      'main.ts': `import { x } from './x.cts'; console.log(x)`,
      'x.cts': `import y = require('./y.cts'); export const x = y.z`,
      'y.cts': 'export = { z: 1 }',
    },
    '1',
  ],
  [
    'a module with a query, which is one of its own',
    {
      'main.ts': `import { a } from './a.js?1'; import { a as b } from './a.js'; console.log(a === b)`,
      'a.ts': 'export const a: object = {}',
    },
    'false',
  ],
  [
    'an ES module without a package.json that says so',
    {
      'package.json': '{}',
      'main.ts': `import { a } from './a.js'; await 0; console.log(a, import.meta.url.slice(-7))`,
      'a.ts': 'export const a: number = 1',
    },
    '1 main.ts',
  ],
  [
    'CommonJS that requires TypeScript',
    {
      'package.json': '{}',
      'tsconfig.json': '{"compilerOptions":{"module":"nodenext"}}',
      'main.ts': `const { a } = require('./a'); import { b } from './b'; console.log(a, b, require.main === module)`,
      'a.ts': 'export const a: number = 1',
      'b.cts': 'export const b = 2',
      'b.ts': `export { b } from './b.cjs'`,
    },
    '1 2 true',
  ],
  [
    'CommonJS that is imported, and requires an ES module',
    {
      'package.json': '{}',
      'tsconfig.json': '{"compilerOptions":{"module":"nodenext"}}',
      'main.ts': `void Promise.all([import('./a.js'), import('./b.cjs')]).then(([a, b]) => console.log(a.a, a.default, b.b, require.cache[a.file]!.loaded))`,
      'a.ts': `#!/usr/bin/env node\nimport { memoize } from 'mintmark'; export const a: string = typeof memoize; export const file = __filename`,
      'b.cts': `import a = require('./a.js'); export const b = a.a`,
    },
    `function { a: [Getter], file: [Getter] } function true`,
  ],
  [
    'decorators with the types of what they decorate',
    {
      'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true}}',
      'main.ts': `import './reflect.js'; import { T } from './t.js'; const d: any = () => {}; class A { @d m(a: T, b: string) { return a } }; console.log(A.name)`,
      'reflect.ts': '(Reflect as any).metadata = (k: string, v: any) => { console.log(k, v); return () => {} }',
      't.ts': 'export class T {}',
    },
    'design:type [Function: Function]\ndesign:paramtypes [ [class T], [Function: String] ]\ndesign:returntype undefined\nA',
  ],
  [
    'enums, parameter properties and the names of decorated classes',
    {
      'main.ts': `enum E { A = 1, B } const d: any = (c: any) => c; @d class C { static s = C.name; constructor(readonly n: number) {} } console.log(E.B, new C(3).n, C.s, C.name)`,
    },
    '2 3 C C',
  ],
  [
    'fields that are assigned where the tsconfig says so',
    {
      'tsconfig.json': '{"compilerOptions":{"target":"es2020"}}',
      'main.ts': `class A { set x(v: number) { console.log('set', v) } } class B extends A { x = 1 } new B()`,
    },
    'set 1',
  ],
  [
    'JSX',
    {
      'tsconfig.json': '{"compilerOptions":{"jsx":"react","jsxFactory":"h"}}',
      'main.ts': `import './a.js'`,
      'a.tsx': `const h = (...all: any[]) => console.log(all); <b c="d">e</b>`,
    },
    `[ 'b', { c: 'd' }, 'e' ]`,
  ],
  [
    'what the stamps were made from, though it is edited before it is imported',
    {
      'main.ts': `import { writeFileSync } from 'node:fs'; import { memoize } from 'mintmark'
export const f = memoize(async () => (await import('./late.js')).late)
writeFileSync(new URL('./late.ts', import.meta.url), 'export const late = 2'); console.log((await import('./late.js')).late)`,
      'late.ts': 'export const late: number = 1',
    },
    '1',
  ],
]
for (const [name, files, expected] of PROGRAMS)
  test(`what runs: ${name}`, () =>
    inProject({ 'package.json': '{"type":"module"}', ...files }, (bench) => {
      const { stdout, stderr } = bench.node([MINTMARK, 'run', 'main.ts'])
      assert.is(stdout, `${expected}\n`, stderr)
      if ('late.ts' in files) bench.write(files)
      const again = bench.node([MINTMARK, 'run', 'main.ts'])
      assert.is(again.stdout, stdout, 'by a process that finds what this one has kept')
      assert.is(again.stderr, stderr)
    }))

test('a program that writes what it imports runs what it wrote, the first time and the next', () =>
  inProject(
    {
      'package.json': '{"type":"module"}',
      'main.ts': `import { writeFileSync } from 'node:fs'; import { f } from './step.js'
if (process.argv[2]) writeFileSync(new URL('./made.ts', import.meta.url), 'export const made: number = ' + process.argv[2])
console.log(typeof f, await import(['./made', 'js'].join('.')).then((m) => m.made).catch(() => 'nothing'))`,
      'step.ts':
        "import { memoize } from 'mintmark'; import { one } from './one.js'\nexport const f = memoize(async (n: number) => n + one)",
      'one.ts': 'export const one = 1',
    },
    (bench) => {
      const run = (made: string): string => bench.node([MINTMARK, 'run', 'main.ts', made]).stdout.replace('function ', '').trim()
      assert.is(run(''), 'nothing')
      assert.is(run('1'), '1')
      assert.is(run('2'), '2')
      assert.is(run('2'), '2')
      rmSync(path.join(bench.dir, 'made.ts'))
      assert.is(run(''), 'nothing')
      assert.is(run('3'), '3')
    },
  ))

test('stack traces and what cannot be spoken for name the lines of the source, on standard error', () =>
  inProject(
    {
      'package.json': '{"type":"module"}',
      'tsconfig.json': '{}',
      'src/main.ts': `import { memoize } from 'mintmark'
interface Long {
  readonly a: number
}
export const f = memoize(async (l: Long): Promise<number> => l.a + Date.now()); const fail = (): never => { throw new Error('here') }
fail()
`,
    },
    (bench) => {
      const { status, stdout, stderr } = bench.node([MINTMARK, 'run', 'src/main.ts'])
      assert.is(status, 1)
      assert.is(stdout, '')
      assert.match(stderr, /^src\/main\.ts:5:68 - warning MM1006: /m)
      assert.match(stderr, /src\/main\.ts:5:115\)\n.*src\/main\.ts:6:1\)/)
    },
  ))
test.run()
