// What the text of a module does that no fingerprint can speak for: code that is made at run time, the clock, chance, the environment,
// files. Found by its shape in the syntax tree; whether a step reaches it is for diagnostics.ts to tell.

import type ts from 'typescript'
import { openFixedPaths } from './fixed-paths.js'
import { dotted, namesFrom } from './imports.js'
import { isMadeRequire } from './made-requires.js'
import { globOf, isGlobCall } from './meta-glob.js'
import { bare, type TS } from './pen.js'

export type ProblemCode = 'MM1001' | 'MM1002' | 'MM1003' | 'MM1004' | 'MM1005' | 'MM1006' | 'MM1007' | 'MM1008' | 'MM1009' | 'MM1010'

export interface Problem {
  readonly code: ProblemCode
  readonly at: number
  /** The code itself, shortened. */
  readonly text: string
  /** For MM1004: the variable, and all of it as a bundler may define it. */
  readonly name?: string
  readonly chain?: string
}

/** What to do about it, by code. */
export const WAYS_OUT: Readonly<Record<ProblemCode, { readonly what: string; readonly wayOut: string }>> = {
  MM1001: { what: 'makes code at run time', wayOut: 'Write the code down, or name what it depends on with `version`.' },
  MM1002: {
    what: 'loads modules by what is no literal',
    wayOut: 'Import it by a literal, or list the candidates in a table of `() => import("./x.js")`.',
  },
  MM1003: {
    what: 'is written while steps run, so what it holds is no part of the key',
    wayOut: 'Pass it as an input, or make it local to the function.',
  },
  MM1004: { what: 'reads the environment', wayOut: 'Declare it with `env: ["NAME"]`, or pass it as an input.' },
  MM1005: {
    what: 'is captured through another function and means something else where the function is made, so that gets no stamp and runs uncached',
    wayOut: 'Rename one of the two variables.',
  },
  MM1006: { what: 'reads the clock', wayOut: 'Pass the time as an input, or give the step a `ttl`.' },
  MM1007: { what: 'draws at random', wayOut: 'Pass a seed as an input, or leave the step without `@memoize`.' },
  MM1008: {
    what: 'reads a file with a fixed name',
    wayOut: 'Name it by `new URL("./file", import.meta.url)` or with `include`: both count by content, and so does an import.',
  },
  MM1009: {
    what: 'imports what cannot be found, so its code is no part of the fingerprint',
    wayOut: 'Mend the path, or install the package before the build.',
  },
  MM1010: {
    what: 'hands on `this`, so the artifacts that it reads cannot be told',
    wayOut: 'Name them: `@memoize({ inputs: [...] })`; until then every artifact counts.',
  },
}

const ENVIRONMENTS = ['process.env', 'globalThis.process.env', 'import.meta.env']
const CLOCKS = /^(?:Date|Date\.now|performance\.now|process\.(?:hrtime|uptime)|process\.hrtime\.bigint)$/
const CHANCE = /^(?:Math\.random|(?:globalThis\.)?crypto\.(?:randomUUID|getRandomValues|randomBytes|randomInt))$/
const CHANCE_OF_CRYPTO = ['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues']
const FILES =
  /^(?:(?:[A-Za-z_$][\w$]*\.)*(?:readFile|readFileSync|readTextFile|readTextFileSync|createReadStream|readdir|readdirSync|open|openSync|opendir|opendirSync|fork)|Bun\.file)$/
/** What makes code of text. */
const MAKES = /^(?:eval|Function|vm\.(?:runIn(?:This|New)?Context|compileFunction|Script))$/

// One of these words is in each of them, or a name that is spelt in escapes.
const WORDS =
  /\b(?:eval|Function|require|createRequire|Date|performance|process|random\w*|getRandomValues|readFile\w*|readTextFile\w*|createReadStream|readdir\w*|open\w*|Bun|Worker|fork|vm)\b|\bimport\b(?!\s*[\w$*{'"])|\\u/

/** False for most texts, and then they need not be read. */
export function mayHaveProblems(text: string): boolean {
  return WORDS.test(text)
}

/** In the order of the text. */
export function findProblems(ts: TS, file: ts.SourceFile): Problem[] {
  const found: Problem[] = []
  /** What is called, and so told as a call. */
  const called = new Set<ts.Node>()
  const isFixed = openFixedPaths(ts, file)
  const environments = new Set([...ENVIRONMENTS, ...namesFrom(ts, file, /^(?:node:)?process$/, ['env'])])
  const fromCrypto = namesFrom(ts, file, /^(?:node:)?crypto$/, CHANCE_OF_CRYPTO)

  function report(code: ProblemCode, node: ts.Node, object?: string, name?: string): void {
    const text = file.text.slice(node.getStart(file), node.end).replace(/\s+/g, ' ')
    found.push({
      code,
      at: node.getStart(file),
      text: text.length > 60 ? `${text.slice(0, 57)}...` : text,
      ...(object !== undefined && { chain: name === undefined ? object : `${object}.${name}` }),
      ...(name !== undefined && { name }),
    })
  }

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node)) visitCall(node)
    else if (ts.isNewExpression(node)) visitNew(node)
    else if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) visitAccess(node)
    else if (ts.isVariableDeclaration(node)) visitDestructuring(node)
  }

  function visitCall(node: ts.CallExpression): void {
    const callee = bare(ts, node.expression)
    const first = node.arguments[0] && bare(ts, node.arguments[0])
    const name = dotted(ts, callee)
    const isLiteral = first !== undefined && ts.isStringLiteralLike(first)
    called.add(callee)
    if (name !== undefined && MAKES.test(name)) report('MM1001', node)
    else if (
      (callee.kind === ts.SyntaxKind.ImportKeyword || name === 'require' || isMadeRequire(ts, file, callee)) &&
      first !== undefined &&
      !isLiteral
    )
      report('MM1002', node)
    else if (
      name === 'require.context' ||
      name === 'import.meta.webpackContext' ||
      (isGlobCall(ts, node) && globOf(ts, node) === undefined)
    )
      report('MM1002', node)
    else if (isSurprise(node, name)) return
    else if (name !== undefined && FILES.test(name) && isFixed(first)) report('MM1008', node)
  }

  /** The clock or chance. */
  function isSurprise(node: ts.Node, name: string | undefined): boolean {
    const code =
      name === undefined ? undefined : CLOCKS.test(name) ? 'MM1006' : CHANCE.test(name) || fromCrypto.has(name) ? 'MM1007' : undefined
    if (code !== undefined) report(code, node)
    return code !== undefined
  }

  /** No path: workers of queues are called by such. */
  function isWord(given: ts.Expression): boolean {
    const node = bare(ts, given)
    return ts.isStringLiteralLike(node) && !/[./\\]/.test(node.text)
  }

  function visitNew(node: ts.NewExpression): void {
    const name = dotted(ts, bare(ts, node.expression))
    if (name !== undefined && MAKES.test(name)) report('MM1001', node)
    if (name !== undefined && /^(?:\w+\.)?Worker$/.test(name) && isFixed(node.arguments?.[0]) && !isWord(node.arguments![0]!))
      report('MM1008', node)
    if (name === 'Date' && (node.arguments ?? []).length === 0) report('MM1006', node)
  }

  function visitAccess(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): void {
    const object = dotted(ts, bare(ts, node.expression))
    // Handed on, and called by somebody else.
    if (ts.isPropertyAccessExpression(node) && !called.has(node)) isSurprise(node, `${object}.${node.name.text}`)
    if (object === undefined || !environments.has(object)) return
    if (ts.isPropertyAccessExpression(node)) return report('MM1004', node, object, node.name.text)
    const key = bare(ts, node.argumentExpression)
    report('MM1004', node, object, ts.isStringLiteralLike(key) ? key.text : undefined)
  }

  function visitDestructuring({ name, initializer }: ts.VariableDeclaration): void {
    const object = initializer && dotted(ts, bare(ts, initializer))
    if (object === undefined) return
    if (!ts.isObjectBindingPattern(name)) return environments.has(object) ? report('MM1004', initializer!, object) : undefined
    for (const element of name.elements) {
      const key = element.propertyName ?? element.name
      if (!environments.has(object)) {
        if (ts.isIdentifier(key)) isSurprise(element, `${object}.${key.text}`)
        continue
      }
      report('MM1004', element, object, ts.isIdentifier(key) ? key.text : undefined)
    }
  }

  // Code may be nested deeper than calls can be.
  const waiting: ts.Node[] = [file]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) continue
    visit(node)
    ts.forEachChild(node, (child) => void waiting.push(child))
  }
  return found.sort((a, b) => a.at - b.at)
}
