// The files of test/types hold what must and must not compile. `npm run check` compiles them with standard decorators; here it is legacy
// decorators, and the oldest and the newest TypeScript that a user may have.

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const require = createRequire(import.meta.url)
// Sources are not beside the compiled tests.
const root = fileURLToPath(new URL('../../', import.meta.url))

function problems(compiler: string, extra: ts.CompilerOptions): string[] {
  const typescript: typeof ts = require(compiler)
  const { config } = typescript.readConfigFile(`${root}tsconfig.json`, typescript.sys.readFile)
  const { options } = typescript.parseJsonConfigFileContent({ ...config, files: [], include: [] }, typescript.sys, root)
  const { erasableSyntaxOnly: _newer, ...rest } = options
  const files = ['next', 'decorators'].map((name) => `${root}test/types/${name}.ts`)
  const program = typescript.createProgram(files, { ...rest, ...extra, noEmit: true })
  // Only of these files: that the sources compile is what `npm run check` says.
  const sources = files.map((file) => program.getSourceFile(file)!)
  return [
    ...program.getOptionsDiagnostics(),
    ...sources.flatMap((s) => [...program.getSyntacticDiagnostics(s), ...program.getSemanticDiagnostics(s)]),
  ].map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
    return `${file?.fileName}:${line} ${typescript.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

const compilers: readonly [title: string, compiler: string, options: ts.CompilerOptions][] = [
  ['legacy decorators', 'typescript', { experimentalDecorators: true }],
  ['a project that is not strict', 'typescript', { strict: false, exactOptionalPropertyTypes: false }],
  ['TypeScript 5.4', 'typescript-5.4', {}],
  ['TypeScript 6', 'typescript-6', {}],
]

for (const [title, compiler, options] of compilers) {
  test(`mistakes do not compile: ${title}`, () => assert.equal(problems(compiler, options), []))
}

for (const compiler of ['typescript', 'typescript-6'])
  test(`what is imported from mintmark compiles without the types of Node: ${compiler}`, () => {
    const typescript: typeof ts = require(compiler)
    const options = {
      module: typescript.ModuleKind.NodeNext,
      target: typescript.ScriptTarget.ES2022,
      strict: true,
      types: [],
      noEmit: true,
    }
    const program = typescript.createProgram([`${root}dist/runtime/index.d.ts`], options)
    assert.equal(
      typescript
        .getPreEmitDiagnostics(program)
        .map((d) => `${d.file?.fileName} ${typescript.flattenDiagnosticMessageText(d.messageText, ' ')}`),
      [],
    )
  })

test('a compilation that goes wrong is noticed', () => {
  assert.match(
    problems('typescript', { noPropertyAccessFromIndexSignature: true }).join('\n'),
    /next.ts:.*'work' comes from an index signature/,
  )
})

test.run()
