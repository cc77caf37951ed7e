// Whatever is edited, in whatever order: a session that stays answers as one that begins now. So does a compiler that stays.

import { existsSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import ts from 'typescript'
import { test } from 'uvu'
import { stepsOfFiles } from '../transformer/analysis.js'
import { type Host, openHost } from '../transformer/host.js'
import { manifestText, openManifest } from '../transformer/manifest.js'
import { openProject } from '../transformer/project.js'
import { draws } from './support/draws.js'
import { editedProject } from './support/edited-projects.js'
import { openTape } from './support/step-programs.js'
import { watchingCompiler } from './support/watching-compiler.js'
import { openWorkbench, REPOSITORY, type Workbench } from './support/workbench.js'

const EDITS = 8
const tapes = fc.array(fc.nat({ max: 2 ** 20 }), { minLength: 200, maxLength: 200 })

/** Runs on the project as it is at first, and then on each edit, with the files that it has written or removed. */
async function editing(
  choices: readonly number[],
  begin: (bench: Workbench) => (changed: readonly string[], done: readonly string[]) => void | Promise<void>,
  end: () => void = () => {},
): Promise<void> {
  const bench = openWorkbench()
  try {
    rmSync(path.join(bench.dir, 'node_modules/mintmark'))
    bench.write({
      'node_modules/mintmark/package.json': '{"name":"mintmark","types":"index.d.ts"}',
      'node_modules/mintmark/index.d.ts': '',
    })
    const project = editedProject(openTape(choices))
    let before: Record<string, string> = {}
    const write = (): string[] => {
      const now = project.files()
      now['tsconfig.json'] = now['tsconfig.json']!.replace('"transform":""', `"transform":${JSON.stringify(PLUGIN)}`)
      const changed = Object.keys({ ...before, ...now }).filter((file) => before[file] !== now[file])
      for (const file of changed) {
        if (now[file] === undefined) rmSync(path.join(bench.dir, file))
        else bench.write({ [file]: now[file] })
      }
      before = now
      return changed
    }
    write()
    const check = begin(bench)
    const done: string[] = []
    await check([], done)
    for (let i = 0; i < EDITS; i++) {
      done.push(project.edit())
      // Some are saved together.
      if (choices[i]! % 4 === 0) done.push(project.edit())
      await check(write(), done)
    }
  } finally {
    end()
    bench.remove()
  }
}

function assertSame(now: unknown, fresh: unknown, done: readonly string[]): void {
  const [a, b] = [JSON.stringify(now, null, 1), JSON.stringify(fresh, null, 1)]
  if (a !== b) throw new Error(`after ${done.join()}\n${a}\nand from nothing\n${b}`)
}

const PLUGIN = path.join(REPOSITORY, 'dist/transformer/index.js')

function answersOf(host: Host, { dir }: Workbench): unknown {
  const files = ts.sys.readDirectory(path.join(dir, 'src'), ['.ts', '.tsx']).sort()
  const answers = files.map((file) => {
    const stamped = host.stamp(file)
    return stamped && [path.basename(file), stamped.code, stamped.files, stamped.folders, stamped.diagnostics]
  })
  return [answers, host.manifest()]
}

/** What a session answers that knows nothing, not even what others have kept on disk. */
function answersFromNothing(bench: Workbench): unknown {
  const kept = path.join(bench.dir, 'node_modules/.cache')
  const hasKept = existsSync(kept)
  if (hasKept) renameSync(kept, `${kept}~`)
  try {
    return answersOf(openHost({ cwd: bench.dir }), bench)
  } finally {
    if (hasKept) renameSync(`${kept}~`, kept)
  }
}

test('a session that stays answers as one that begins now', () =>
  fc.assert(
    fc.asyncProperty(tapes, (choices) =>
      editing(choices, (bench) => {
        let host = openHost({ cwd: bench.dir })
        return (_, done) => {
          host.refresh()
          assertSame(answersOf(host, bench), answersFromNothing(bench), done)
          // Another process, which has found out little itself by the time of the next edit.
          if (choices[done.length]! % 3 > 0) return
          host.save()
          host = openHost({ cwd: bench.dir })
          // A file that no list of sources holds, so that all that was kept still holds.
          const file = `src/new${done.length}.js`
          bench.write({ [file]: "import { help1 } from './m1'\nexport const own = help1(() => 1)\n" })
          host.stamp(path.join(bench.dir, file))
        }
      }),
    ),
    { ...draws(12), endOnFailure: true },
  ))

/** Of `m1.ts` and `m1.tsx` a program holds only the first. */
function parse(dir: string): ts.ParsedCommandLine {
  return ts.getParsedCommandLineOfConfigFile(path.join(dir, 'tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} })!
}

/** The stamps and marks in the output of each source, and the manifest. */
function outputOf({ dir, read }: Workbench): unknown {
  const files = [...parse(dir).fileNames].sort()
  const found = files.map((file) => {
    const name = path.relative(path.join(dir, 'src'), file)
    return { name, told: told(read(`dist/${name.replace(/\.tsx?$/, '.js')}`)) }
  })
  return [found, found.some((f) => f.told.some((each) => each.length === 64)) ? read('dist/mintmark.json') : '']
}

/** Fingerprints, and what instances are told by. */
const told = (text: string): string[] => (text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])|#C\d [0-9a-f]{16}/g) ?? []).sort()

function expectedOutput({ dir }: Workbench): unknown {
  const parsed = parse(dir)
  const project = openProject({ ts, root: dir, compilerOptions: parsed.options })
  const steps = stepsOfFiles(project, [...parsed.fileNames].sort())
  const found = [...parsed.fileNames].sort().map((file) => {
    const own = steps.get(file)
    return {
      name: path.relative(path.join(dir, 'src'), file),
      told: told(own ? JSON.stringify([own.classes, own.functions, own.marked]) : ''),
    }
  })
  const manifest = openManifest(project)
  const drafts = [...steps.values()].flatMap((own) => manifest.add(own.steps))
  return [found, drafts.length === 0 ? '' : manifestText(manifest.of(drafts))]
}

test('a compiler that stays has on disk what the sources of now come to', () =>
  fc.assert(
    fc.asyncProperty(tapes, (choices) => {
      let close = (): void => {}
      return editing(
        choices,
        (bench) => {
          const compiler = watchingCompiler(bench)
          close = compiler.close
          return async (changed, done) => {
            await compiler.changed(...changed)
            assertSame(outputOf(bench), expectedOutput(bench), done)
          }
        },
        () => close(),
      )
    }),
    { ...draws(12), endOnFailure: true },
  ))

test.run()
