// A project that is told of edits answers as a fresh one would, of what is asked anew and of what was kept.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprintModule, openReader, stepsOfFiles } from '../transformer/analysis.js'
import { type Disk, openDisk } from '../transformer/disk.js'
import { fingerprintExports } from '../transformer/fingerprint.js'
import { globToRegExp, openGlob } from '../transformer/glob.js'
import { link } from '../transformer/link.js'
import { openProject } from '../transformer/project.js'
import type { Shelf } from '../transformer/shelf.js'
import { openSideEffects } from '../transformer/side-effects.js'
import { inFolder } from './support/fingerprints.js'

const FILES = {
  'a.ts': "import { g } from './b.js'\nexport const f = () => g",
  'b.ts': 'export const g = 1',
  'c.ts': 'export const g = 3',
  'd.json': '1',
}

test('after an edit the modules that lead to it are told, and import what they import now', () =>
  inFolder(FILES, (root) => {
    const texts = new Map<string, string>()
    const sourceFile = (file: string) => {
      const text = texts.get(path.relative(root, file))
      return text === undefined ? undefined : ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
    }
    const project = openProject({ ts, root, sourceFile })
    const [a, b] = ['a.ts', 'b.ts'].map((file) => project.module(file)!)
    const read = () => fingerprintExports(link(project), a!).get('f')
    const renew = (file: string, text: string) => {
      texts.set(file, text)
      return [...(project.renew([path.join(root, file)]) ?? [])].map((m) => project.show(m.path))
    }
    const before = read()
    assert.equal(renew('b.ts', 'export const g = 3'), ['b.ts', 'a.ts'])
    const edited = read()
    assert.is.not(edited, before)
    assert.equal(renew('a.ts', "import { g } from './c.js'\nexport const f = () => g"), ['a.ts'])
    assert.is(read(), edited, 'c.ts holds what b.ts holds by now')
    assert.equal(renew('b.ts', 'export const g = 4'), ['b.ts'], 'nobody leads there any more')
    assert.is(read(), edited)
    assert.is(b!.summary.exports.g?.kind, 'local')
  }))

test('what is told of a module is of the text that the host has', () =>
  inFolder({ 'a.ts': 'export const f = () => 1' }, (root) => {
    const sourceFile = (file: string) => ts.createSourceFile(file, 'export const f = () => Date.now()', ts.ScriptTarget.Latest)
    const project = openProject({ ts, root, sourceFile })
    assert.equal(
      project.problems(project.module(path.join(root, 'a.ts'))!).map(({ code }) => code),
      ['MM1006'],
    )
  }))

test('what it was read with is told of a module', () =>
  inFolder(FILES, (root) => {
    const project = openProject({ ts, root })
    assert.equal(
      project.module('a.ts')!.files.map((file) => project.show(file)),
      ['a.ts', 'tsconfig.json', 'package.json'],
    )
  }))

test('what `import.meta.glob` gives a module is never the module itself', () =>
  inFolder(FILES, (root) => {
    const { module } = openProject({ ts, root })
    const globbed = (...patterns: string[]) => module('a.ts')!.globbed({ patterns, query: '?raw' })
    assert.equal(globbed('./*.ts', '!./c.ts'), ['./b.ts?raw'])
  }))

test('of `import.meta.glob` a pattern that names what another one names, from one folder further up, takes nothing away', () =>
  inFolder({ 'in/a.ts': 'export {}', 'in/x/b.ts': 'export {}', 'x/c.ts': 'export {}' }, (root) => {
    const { globbed } = openProject({ ts, root }).module(path.join(root, 'in/a.ts'))!
    assert.equal(globbed({ patterns: ['../x/*.ts', './x/*.ts'], query: '' }), ['../x/c.ts', './x/b.ts'])
    assert.equal(globbed({ patterns: ['../x/*.ts', './x/*.ts', '!./x/*.ts'], query: '' }), ['../x/c.ts'])
  }))

const SIDE_EFFECTS: readonly (readonly [says: unknown, dropped: readonly string[]])[] = [
  [undefined, []],
  [true, []],
  ['x', []],
  [false, ['src/in/a.init.ts', 'src/b.ts']],
  [[], ['src/in/a.init.ts', 'src/b.ts']],
  [['*.init.ts'], ['src/b.ts']],
  [['./src/in/a.init.ts', 1], ['src/b.ts']],
  [['src/b.ts', './src/**/*.init.ts'], []],
]

test('the package.json around a module says whether it is evaluated for nothing; without one it is', () => {
  for (const [sideEffects, dropped] of SIDE_EFFECTS)
    inFolder({ 'src/in/a.init.ts': '', 'src/b.ts': '', 'package.json': JSON.stringify({ sideEffects }) }, (root) => {
      const sideEffectsOf = openSideEffects(openDisk())
      const isFree = (file: string): boolean => sideEffectsOf(path.join(root, file)).isFree
      assert.equal(['src/in/a.init.ts', 'src/b.ts'].filter(isFree), dropped, JSON.stringify(sideEffects))
    })
  assert.equal(openSideEffects({ isFile: () => false } as unknown as Disk)('/x/a.ts'), { isFree: false, files: [] })
})

test('where there is no file there is no module', () =>
  inFolder(FILES, (root) => {
    const { module } = openProject({ ts, root })
    assert.equal([module('a.ts')?.path, module('none.ts')], [path.join(root, 'a.ts'), undefined])
  }))

test('an edit of JSON, or of a file that nobody has asked for, opens the project anew', () =>
  inFolder(FILES, (root) => {
    const project = openProject({ ts, root })
    project.module('d.json')
    assert.is(project.renew([path.join(root, 'd.json')]), undefined)
    assert.is(project.renew([path.join(root, 'b.ts')]), undefined)
  }))

test('names that every object has are nobody’s, also in what was kept as JSON', () =>
  inFolder(
    {
      'a.ts':
        "import { memoize } from 'mintmark'\ndeclare const toString: any\nexport class f extends valueOf { @memoize({}) async m() {} }; export const g = toString",
    },
    (root) => {
      const kept: Shelf = { answer: (_kind, _text, make) => JSON.parse(JSON.stringify(make())) } as Shelf
      const read = (shelf?: Shelf) => {
        const project = openProject({ ts, root, ...(shelf && { shelf }) })
        const { steps } = stepsOfFiles(project, [path.join(root, 'a.ts')]).get(path.join(root, 'a.ts'))!
        return [...fingerprintExports(link(project), project.module('a.ts')!), steps.map((step) => step.fingerprint)]
      }
      assert.equal(read(kept), read())
    },
  ))

test('what is made of a tree of the host, which is no plain data, is not kept on the shelf of texts', () =>
  inFolder(FILES, (root) => {
    const tree = (file: string) => ts.createSourceFile(file, FILES['b.ts'], ts.ScriptTarget.Latest)
    const asked = (sourceFile?: typeof tree): string[] => {
      const kinds: string[] = []
      const answer: Shelf['answer'] = (kind, _text, make) => {
        kinds.push(kind)
        return make()
      }
      openProject({ ts, root, sourceFile, shelf: { answer } as Shelf }).module(path.join(root, 'b.ts'))
      return kinds
    }
    assert.equal([asked(), asked(tree)], [['summary ts'], []])
  }))

test('patterns of a host without a tsconfig start at its root', () =>
  inFolder({ 'src/log.ts': 'export const log = 1' }, (root) => {
    const compilerOptions = { plugins: [{ transform: 'mintmark/transformer', ignore: ['src/log.ts'] }] } as unknown as ts.CompilerOptions
    assert.is(openProject({ ts, root, compilerOptions }).module(path.join(root, 'src/log.ts'))!.ignores('log'), true)
  }))

const DOC = 'export class Doc { n = 1 }\nexport class Other { n = 2 }'
const uses = (name: string): string =>
  `import { memoize } from 'mintmark'\nimport { ${name} } from './doc.js'\nexport const f = memoize(async (x: ${name}) => x.n)`

test('modules with classes that are marked for other reasons than before are told, too', () =>
  inFolder({ 'flow.ts': uses('Doc'), 'doc.ts': DOC, 'free.ts': 'export class Free {}' }, (root) => {
    let text = uses('Doc')
    const sourceFile = (file: string) => (file.endsWith('flow.ts') ? ts.createSourceFile(file, text, ts.ScriptTarget.Latest) : undefined)
    const project = openProject({ ts, root, sourceFile })
    const reader = openReader(project)
    const files = ['flow.ts', 'doc.ts', 'free.ts'].map((file) => path.join(root, file))
    const all = files.map((file) => project.module(file)!)
    const marked = () => all.map((module) => reader.markedIn(module, () => all).map((m) => m.name))
    const edit = (next: string) => {
      text = next
      return [...reader.forget(project.renew([files[0]!])!)].map((m) => project.show(m.path))
    }
    assert.equal(edit(uses('Doc')), ['flow.ts'], 'nobody has asked for classes')
    assert.equal(marked(), [[], ['Doc'], []])
    assert.equal(edit(`${uses('Doc')}\n`), ['flow.ts'])
    assert.equal(marked(), [[], ['Doc'], []])
    assert.equal(edit(uses('Other')), ['flow.ts', 'doc.ts'])
    assert.equal(marked(), [[], ['Other'], []])
    assert.equal(edit(uses('Free').replace('doc', 'free')), ['flow.ts', 'doc.ts', 'free.ts'], 'neither is marked as before')
    assert.equal(marked(), [[], [], ['Free']])
    assert.equal(edit(uses('Other')), ['flow.ts', 'free.ts', 'doc.ts'])
    assert.equal(reader.stepsOf(all[2]!), { classes: [], functions: [], marked: [], steps: [], unstamped: [] })
    assert.equal(
      [...stepsOfFiles(project, files, reader).keys()].map((file) => project.show(file)),
      ['flow.ts', 'doc.ts'],
    )
    assert.equal(Object.keys(stepsOfFiles(project, files, reader).get(files[1]!)!).sort(), [
      'classes',
      'functions',
      'marked',
      'steps',
      'unstamped',
    ])
  }))

test('the fingerprints of a module are those of its exports and, by their names, of its steps', () =>
  inFolder({ 'flow.ts': `${uses('Doc')}\nexport const plain = 1`, 'doc.ts': DOC }, (root) => {
    const reader = openReader(openProject({ ts, root }))
    const module = reader.graph.project.module('flow.ts')!
    const [step] = reader.stepsOf(module).steps
    const found = fingerprintModule(reader, module)
    assert.equal([...found.keys()], ['f', 'plain'])
    assert.is(found.get('f'), step!.fingerprint)
  }))

test('a pattern may hold any character but a slash, and one of several words', () => {
  const match = globToRegExp('./{ab,c}?.md')
  const names = ['ab1.md', 'c2.md', 'ab12.md', 'c.md', 'd1.md', '{ab,c}1.md', '{ab1.md', 'ab/.md']
  assert.equal(
    names.filter((name) => match.test(name)),
    ['ab1.md', 'c2.md'],
  )
})

test('a pattern follows links to files and folders, and ends where they lead back', () =>
  inFolder({ 'data/a.csv': '1', 'elsewhere/b.csv': '2', 'far/c.csv': '3' }, (root) => {
    const at = (file: string) => path.join(root, file)
    symlinkSync(at('elsewhere/b.csv'), at('data/b.csv'))
    symlinkSync(at('far'), at('data/far'))
    symlinkSync(at('data'), at('far/back'))
    symlinkSync(at('nowhere'), at('data/gone.csv'))
    mkdirSync(at('data/empty.csv'))
    writeFileSync(at('data/empty.csv/d.txt'), '4')
    const matching = openGlob(openDisk())
    const found = (pattern: string) => matching(pattern, root).map((file) => path.relative(root, file))
    assert.equal(found('./data/*.csv'), ['data/a.csv', 'data/b.csv'])
    assert.equal(found('data/**/*.csv'), ['data/a.csv', 'data/b.csv', 'data/far/c.csv'])
    assert.equal(found('./data/far/*'), ['data/far/c.csv'])
    assert.equal(found('./data/far/back/*.csv'), ['data/far/back/a.csv', 'data/far/back/b.csv'])
  }))

test.run()
