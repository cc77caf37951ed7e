// The documents are held to the sources: every code of an error is explained, every file is on the map, every sample compiles, every link leads somewhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

const GUIDES = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...GUIDES]
const SOURCES = ['transformer', 'runtime', 'cli'].flatMap((room) =>
  readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
    .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts')),
)

/** What is in one list and not in the other, either way. */
function difference(documented: Iterable<string>, real: Iterable<string>): { missing: string[]; stale: string[] } {
  const [told, there] = [new Set(documented), new Set(real)]
  return { missing: [...there].filter((each) => !told.has(each)).sort(), stale: [...told].filter((each) => !there.has(each)).sort() }
}

const codesIn = (text: string): string[] => text.match(/\bMM\d{4}\b/g) ?? []
const filesIn = (text: string): string[] => text.match(/(?<=`)(?:transformer|runtime|cli)\/[\w./-]+\.ts(?=`)/g) ?? []
const rowsIn = (text: string): string[] => [...text.matchAll(/^\| (MM\d{4}) \|/gm)].map(([, code]) => code!)

test('every code of the sources has its row in docs/errors.md, and no other code has', () => {
  assert.equal(
    difference(
      rowsIn(read('docs/errors.md')),
      SOURCES.flatMap((file) => codesIn(read(file))),
    ),
    { missing: [], stale: [] },
  )
})

test('a code has one row', () => {
  const rows = rowsIn(read('docs/errors.md'))
  assert.equal(
    rows.filter((code, i) => rows.indexOf(code) !== i),
    [],
  )
})

test('a document mentions no code that is not there', () => {
  const known = new Set(rowsIn(read('docs/errors.md')))
  const unknown = DOCUMENTS.flatMap((file) =>
    codesIn(read(file))
      .filter((code) => !known.has(code))
      .map((code) => `${file}: ${code}`),
  )
  assert.equal(unknown, [])
})

test('ARCHITECTURE.md names every source file, and no other', () => {
  assert.equal(difference(filesIn(read('ARCHITECTURE.md')), SOURCES), { missing: [], stale: [] })
})

test('the comparison sees what is missing and what is stale', () => {
  assert.equal(difference(rowsIn('| MM1001 | x |\n| MM1002 | x |'), codesIn('`MM1001` MM1003')), { missing: ['MM1003'], stale: ['MM1002'] })
  assert.equal(difference(filesIn('`cli/a.ts`, `runtime/b/c.ts`'), ['cli/a.ts']), { missing: [], stale: ['runtime/b/c.ts'] })
})

test('links lead to files and headings that are there', () => {
  const broken = DOCUMENTS.flatMap((file) =>
    [...read(file).matchAll(/\]\(((?!https?:)[^)\s]*)\)/g)]
      .map(([, link]) => link!)
      .flatMap((link) => {
        const [target = '', heading] = link.split('#')
        const at = target === '' ? file : path.posix.join(path.posix.dirname(file), target)
        const leads = existsSync(path.join(root, at)) && (heading === undefined || headingsOf(read(at)).includes(heading))
        return leads ? [] : [`${file}: ${link}`]
      }),
  )
  assert.equal(broken, [])
})

/** As GitHub makes anchors of them. */
function headingsOf(text: string): string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** The samples of a document as files of one project: `// src/x.ts` in the first line names one, so that another can import it. */
function samplesOf(document: string, text: string): Map<string, string> {
  const folder = path.posix.join(root.replaceAll('\\', '/'), 'samples', path.basename(document, '.md'))
  const samples = new Map<string, string>()
  for (const [, code] of text.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
    const name = /^\/\/ (\S+\.ts)\n/.exec(code!)?.[1] ?? `sample-${samples.size + 1}.ts`
    samples.set(`${folder}/${name}`, `${code}\nexport {}\n`)
  }
  return samples
}

/** `document/file: message` for everything that the compiler has to say about them, with `mintmark` being the sources. */
function complaints(samples: ReadonlyMap<string, string>): string[] {
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config as object
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent({ ...config, files: [] }, { ...ts.sys, readDirectory: () => [] }, root).options,
    noEmit: true,
    noUnusedLocals: false,
    erasableSyntaxOnly: false,
    // The SDK's types are most of what there is to read, and no sample needs them.
    paths: { mintmark: [path.join(root, 'runtime/index.ts')], '@aws-sdk/*': [path.join(root, 'none')] },
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, directoryExists } = host
  host.fileExists = (file) => samples.has(file) || fileExists(file)
  host.readFile = (file) => samples.get(file) ?? readFile(file)
  host.directoryExists = (folder) => [...samples.keys()].some((file) => file.startsWith(`${folder}/`)) || directoryExists!(folder)
  const program = ts.createProgram([...samples.keys()], options, host)
  return [...samples.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${file.split('/samples/')[1]}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
  })
}

const BROKEN = "```ts\nimport { memoize } from 'mintmark'\nmemoize(async () => 1, { tll: 3 })\n```\n"
const samples = new Map(DOCUMENTS.flatMap((file) => [...samplesOf(file, read(file))]))
// One program for all, since most of its time goes into the library and the sources.
const found = complaints(new Map([...samples, ...samplesOf('broken.md', BROKEN)]))

test('every sample compiles', () => {
  assert.ok(samples.size > 10)
  assert.equal(
    found.filter((each) => !each.startsWith('broken/')),
    [],
  )
})

test('a sample that does not compile is found', () => {
  assert.match(found.find((each) => each.startsWith('broken/'))!, 'tll')
})

test.run()
