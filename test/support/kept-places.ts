// A project that rests on all that an answer can rest on, and what else may lie at each of its places.

import { type Place, put } from './kept-answers.js'
import { openWorkbench, type Workbench } from './workbench.js'

const BUNDLER = '"module": "esnext", "moduleResolution": "bundler"'

/** A project, and what else may lie at each of its places. */
export const PLACES: Readonly<Record<string, readonly [Place, ...Place[]]>> = {
  'tsconfig.json': [
    '{ "extends": "./base.json", "include": ["src", "late"] }',
    '{ "include": ["src", "late"] }',
    '{ "extends": "./base.json", "include": ["src/*.ts"], "compilerOptions": { "paths": { "alias": ["./src/b.ts"] } } }',
    '{ "extends": "./base.json", "compilerOptions": { "plugins": [{ "transform": "mintmark/transformer", "packages": "source" }] } }',
    undefined,
  ],
  'base.json': [
    `{ "compilerOptions": { ${BUNDLER}, "paths": { "alias": ["./src/a.ts"] } } }`,
    `{ "compilerOptions": { ${BUNDLER}, "useDefineForClassFields": false, "paths": { "alias": ["./src/a.ts"] } } }`,
    '{}',
  ],
  'package.json': [
    '{ "type": "module", "imports": { "#x": "./src/a.ts" } }',
    '{ "type": "module", "imports": { "#x": "./src/b.ts" } }',
    '{ "imports": { "#x": "./src/a.ts" } }',
    '{ "type": "module", "sideEffects": false, "imports": { "#x": "./src/a.ts" } }',
  ],
  'src/flow.ts': [
    `import { memoize } from 'mintmark'
import { alias } from 'alias'
import { dep } from 'dep'
import { ws } from 'ws'
import { hash } from '#x'
import data from '../data.json'
import { foo } from './foo'
import { effect, linked } from './link.js'
const prompt = new URL('../prompt.txt', import.meta.url)
class Box { items = [foo()] }
export const f = memoize(async () => [alias, dep(), ws, hash, data, linked, prompt, new Box(), Math.random()], { include: ['../texts/*.txt'] })
export const g = memoize(async () => effect)
`,
    `import { memoize } from 'mintmark'
import { foo } from './foo'
export const f = memoize(async () => foo())
`,
    'export const f = 1\n',
  ],
  'src/foo/index.ts': ['export const foo = () => 1\n', 'export const foo = () => 2\n', '// one\nexport const foo = () => 1\n'],
  'src/foo.ts': [undefined, 'export const foo = () => 3\n'],
  'src/foo.tsx': [undefined, 'export const foo = () => 4\n'],
  'src/foo.d.ts': [undefined, 'export declare const foo: () => number\n'],
  'src/a.ts': [
    "export const alias = 'a', hash = 'a', linked = 'a', effect = 'a'\n",
    "export const alias = 'A', hash = 'A', linked = 'A', effect = 'a'\n",
    "import './doc.js'\nexport const alias = 'a', hash = 'a', linked = 'a', effect = 'a'\n",
  ],
  'src/b.ts': ["export const alias = 'b', hash = 'b', linked = 'b', effect = 'b'\n", undefined],
  'src/link.ts': [{ link: 'a.ts' }, { link: 'b.ts' }, 'export const effect = 1, linked = 1\n'],
  'src/doc.ts': ['export class Doc { n = 1; size() { return this.n } }\n', 'export class Doc { n = 1; size() { return -this.n } }\n'],
  'late/user.ts': [
    undefined,
    "import { memoize } from 'mintmark'\nimport type { Doc } from '../src/doc.js'\nexport const u = memoize(async (x: Doc) => x.size())\n",
    "import { memoize } from 'mintmark'\nimport type { Doc } from '../src/doc.js'\nexport const u = memoize(async (x: number) => x)\n",
  ],
  'data.json': ['{"a":1}', '{"a":2}', '{ "a": 1 }'],
  'prompt.txt': ['ask', 'tell'],
  'texts/a.txt': ['one', 'two'],
  'texts/b.txt': [undefined, 'three'],
  'node_modules/dep/package.json': [
    '{"name":"dep","version":"1.0.0","dependencies":{"deeper":"*"}}',
    '{"name":"dep","version":"2.0.0"}',
    undefined,
  ],
  'node_modules/dep/index.js': ['exports.dep = () => 1\n', undefined, 'exports.dep = () => 2\n'],
  'node_modules/deeper/package.json': ['{"name":"deeper","version":"1.0.0"}', '{"name":"deeper","version":"1.0.1"}'],
  'src/node_modules/dep/package.json': [undefined, '{"name":"dep","version":"3.0.0"}'],
  'node_modules/dep/node_modules/deeper/package.json': [undefined, '{"name":"deeper","version":"9.0.0"}'],
  'packages/ws/package.json': [
    '{"name":"ws","version":"1.0.0","exports":"./one.ts"}',
    '{"name":"ws","version":"1.0.0","exports":"./two.ts"}',
  ],
  'packages/ws/one.ts': ['export const ws = 1\n', 'export const ws = 10\n'],
  'packages/ws/two.ts': ['export const ws = 2\n', undefined],
  'packages/other/package.json': ['{"name":"ws","version":"1.0.0","exports":"./one.ts"}'],
  'packages/other/one.ts': ['export const ws = 3\n'],
  'node_modules/ws': [{ link: '../packages/ws' }, { link: '../packages/other' }],
}

export const NAMES = Object.keys(PLACES)
export const SOURCES = NAMES.filter((name) => /^(?:src|late)\/[\w/]+\.tsx?$/.test(name))

export function withProject(run: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    for (const [name, [first]] of Object.entries(PLACES)) put(bench, name, first)
    run(bench)
  } finally {
    bench.remove()
  }
}

/** In this order, one after the other; `changes`: somebody's stamp is another one afterwards. */
export const EDITS: readonly (readonly [what: string, changes: boolean, name: string, to: Place])[] = [
  ['a helper', true, 'src/foo/index.ts', PLACES['src/foo/index.ts']![1]],
  ['the same again', true, 'src/foo/index.ts', 'export const foo = () => 7\n'],
  ['and back', true, 'src/foo/index.ts', PLACES['src/foo/index.ts']![0]],
  ['a comment', false, 'src/foo/index.ts', PLACES['src/foo/index.ts']![2]],
  ['a file that comes before a folder', true, 'src/foo.ts', PLACES['src/foo.ts']![1]],
  ['it goes', true, 'src/foo.ts', undefined],
  ['a file with another extension', true, 'src/foo.tsx', PLACES['src/foo.tsx']![1]],
  ['it goes again', true, 'src/foo.tsx', undefined],
  ['a declaration file', false, 'src/foo.d.ts', PLACES['src/foo.d.ts']![1]],
  ['a package', true, 'node_modules/dep/package.json', '{"name":"dep","version":"1.1.0","dependencies":{"deeper":"*"}}'],
  ['a package of a package', true, 'node_modules/deeper/package.json', PLACES['node_modules/deeper/package.json']![1]],
  ['a package inside a package', true, 'node_modules/dep/node_modules/deeper/package.json', '{"name":"deeper","version":"9.0.0"}'],
  ['a package in a nearer folder', true, 'src/node_modules/dep/package.json', '{"name":"dep","version":"3.0.0"}'],
  ['imported JSON', true, 'data.json', '{"a":2}'],
  ['its layout', false, 'data.json', '{ "a": 2 }'],
  ['a file that is named', true, 'prompt.txt', 'tell'],
  ['an included file', true, 'texts/a.txt', 'two'],
  ['one more included file', true, 'texts/b.txt', 'three'],
  ['a link that leads elsewhere', true, 'src/link.ts', { link: 'b.ts' }],
  ['a package of the workspace', true, 'packages/ws/one.ts', 'export const ws = 10\n'],
  ['what it exports', true, 'packages/ws/package.json', PLACES['packages/ws/package.json']![1]],
  ['which package that is', true, 'node_modules/ws', { link: '../packages/other' }],
  ['an import of the package itself', true, 'package.json', PLACES['package.json']![1]],
  ['a tsconfig that is extended', true, 'base.json', PLACES['base.json']![1]],
  ['a tsconfig', true, 'tsconfig.json', PLACES['tsconfig.json']![2]],
  ['a tsconfig that has packages followed', true, 'tsconfig.json', PLACES['tsconfig.json']![3]],
  ['what a package is that is followed', true, 'node_modules/dep/index.js', PLACES['node_modules/dep/index.js']![2]],
  ['where it is', true, 'node_modules/dep/package.json', '{"name":"dep","version":"1.0.0","exports":{"./sub":"./index.js"}}'],
  ['and back again', false, 'tsconfig.json', PLACES['tsconfig.json']![0]],
  ['a new module whose step takes a class', true, 'late/user.ts', PLACES['late/user.ts']![1]],
  ['the step takes it no longer', true, 'late/user.ts', PLACES['late/user.ts']![2]],
  ['a file that nothing reads', false, 'notes.md', 'text'],
  ['a module that is gone', true, 'src/b.ts', undefined],
]
