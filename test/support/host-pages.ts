// The pages of docs/hosts, followed to the letter: the configuration is written as the page has it, its commands are run, a helper is edited
// twice, and what is executed is counted.

import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openWorkbench, REPOSITORY, type Workbench } from './workbench.js'

/** Pages whose command runs a flow. */
const FLOWS = ['register', 'run']

/** Packages that the repository has for them, by name; what they need in turn is found from there. */
const INSTALLED = ['esbuild', 'vite', 'rollup', 'rolldown', 'vitest', 'webpack', '@rspack']
const BINS: Readonly<Record<string, string>> = {
  mintmark: '../dist/cli/main.js',
  tspc: 'ts-patch/bin/tspc.js',
  vite: 'vite/bin/vite.js',
  rollup: 'rollup/dist/bin/rollup',
  rolldown: 'rolldown/bin/cli.mjs',
  vitest: 'vitest/vitest.mjs',
}

/** For what is not installed here: the loader and the plugin that compile, and the command lines that only call `run`. */
const STANDINS: readonly (readonly [from: string, to: string])[] = [
  ["loader: 'ts-loader'", "loader: './ts-loader.cjs'"],
  ["'rollup-plugin-esbuild'", "'./rollup-plugin-esbuild.mjs'"],
]
const SUPPORT = {
  'rollup-plugin-esbuild.mjs': `import path from 'node:path'
import { transform } from 'esbuild'
export default (options) => ({
  resolveId: (id, from) => (id.startsWith('.') && from ? path.resolve(path.dirname(from), id.replace(/\\.js$/, '.ts')) : undefined),
  transform: (text, id) => (id.endsWith('.ts') ? transform(text, { ...options, loader: 'ts', sourcefile: id, sourcemap: true }) : undefined),
})
`,
  'ts-loader.cjs': `const ts = require('typescript')
module.exports = function compile(text) {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.json', ts.sys.readFile).config, ts.sys, '.')
  return ts.transpileModule(text, { compilerOptions: options, fileName: this.resourcePath }).outputText
}
`,
  'pack.mjs': `const [, , name, config] = process.argv
const { default: options } = await import(config)
const { rspack: create = undefined, default: fallback } = await import(name)
const compiler = (create ?? fallback)(options)
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) console.error(error ?? stats.toString())
  process.exitCode = error || stats.hasErrors() ? 1 : 0
  compiler.close(() => {})
})
`,
  'package.json': '{"type":"module"}',
}

interface Page {
  /** The files that the page shows; a block without a name is tsconfig.json. */
  readonly files: Readonly<Record<string, string>>
  /** What is run before the page goes into details; what installs is left out. */
  readonly commands: readonly string[]
}

function readPage(bench: Workbench, name: string): Page {
  const [text] = bench.read(path.relative(bench.dir, path.join(REPOSITORY, `docs/hosts/${name}.md`))).split('\n## ') as [string]
  const shown = [...text.matchAll(/```js(?:on)?\n(?:\/\/ (\S+)\n)?([\s\S]*?)```/g)]
  const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n'))
  return {
    files: Object.fromEntries(
      shown.map(([, file = 'tsconfig.json', body]) => [file, STANDINS.reduce((all, [from, to]) => all.replace(from, to), body!)]),
    ),
    commands: lines.filter((line) => /^(?:node|npx) /.test(line)),
  }
}

function runCommand(bench: Workbench, command: string): string {
  const [program, ...args] = command.split(' ') as [string, ...string[]]
  const tool = program === 'npx' ? args.shift()! : undefined
  const bin = tool && BINS[tool]
  const pack = tool === 'rspack' ? '@rspack/core' : tool
  const line = bin ? [path.join(REPOSITORY, 'node_modules', bin), ...args] : pack ? ['pack.mjs', pack, `./${args[1]}`] : args
  const { status, stdout, stderr } = bench.node(line)
  assert.is(status, 0, `${command}\n${stdout}${stderr}`)
  return stdout + stderr
}

/** Functions and a flow in one program; what a flow's own command line runs is the flow alone. */
function openPage(name: string): { bench: Workbench; executed(): number; all: number } {
  const bench = openWorkbench(`examples/${FLOWS.includes(name) ? 'memoizing-flow' : 'plain-functions'}`)
  for (const each of INSTALLED) symlinkSync(path.join(REPOSITORY, 'node_modules', each), path.join(bench.dir, 'node_modules', each), 'dir')
  rmSync(path.join(bench.dir, 'tsconfig.json'))
  const { files, commands } = readPage(bench, name)
  assert.ok(commands.length > 0)
  bench.write({ ...SUPPORT, ...files })
  if (!FLOWS.includes(name)) {
    const flow = readFileSync(path.join(REPOSITORY, 'examples/memoizing-flow/src/flow.ts'), 'utf8')
    bench.write({ 'src/flow.ts': flow.replace(/\bmain\b/g, 'runFlow'), 'src/main.ts': `${bench.read('src/main.ts')}import './flow.js'\n` })
  }
  bench.edit('src/multiply.ts', 'setTimeout(500)', 'setTimeout(5)')
  return {
    bench,
    all: FLOWS.includes(name) ? 6 : 12,
    executed: () =>
      commands
        .map((command) => runCommand(bench, command))
        .join('')
        .match(/executing (?:slow|cachedStep)/g)?.length ?? 0,
  }
}

/** The page as a test. */
export function testPage(name: string): void {
  test(`docs/hosts/${name}.md: an edit of a helper executes again, and a comment does not`, () => {
    const { bench, executed, all } = openPage(name)
    try {
      if (name === 'vitest')
        bench.write({
          'src/main.test.ts': "import { test } from 'vitest'\nimport './main.js'\ntest('it runs', () => {})\n",
        })
      assert.is(executed(), all)
      bench.edit('src/factor.ts', 'FACTOR = 100', 'FACTOR = 200')
      assert.is(executed(), all, 'the first edit')
      bench.edit('src/factor.ts', 'FACTOR = 200', 'FACTOR = 300')
      assert.is(executed(), all, 'the second edit')
      bench.edit('src/factor.ts', '300', '300 // the same')
      assert.is(executed(), 0, 'a comment')
    } finally {
      bench.remove()
    }
  })
}
