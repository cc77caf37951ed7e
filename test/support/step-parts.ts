// What random programs are made of: one row for each feature of the language that a step may reach something by.

/** What a maker writes with. */
export interface Desk {
  readonly n: string
  /** A literal. */
  lit(): string
  /** A name for a member. */
  key(): string
  /** An expression that uses an earlier item, or a literal. */
  val(): string
  /** The name of an earlier class, or `Object`. */
  base(): string
  /** Statements that write `value` to the member `key` of `target`, in this module or in another. */
  write(target: string, key: string, value: () => string): void
  /** Statements after this item, in this module or in another; in this one if it must be `beside` it. */
  later(text: (name: string) => string, beside?: 'beside'): void
  one<T>(list: readonly T[]): T
}

export interface Made {
  readonly text: string
  readonly uses: readonly string[]
  readonly isClass?: boolean
}
export const MAKERS: readonly ((d: Desk) => Made)[] = [
  (d) => ({ text: `const ${d.n}: any = ${d.lit()}`, uses: ['@', '(@ + 1)'] }),
  (d) => ({
    text: `function ${d.n}(x: any = ${d.val()}): any { return [x, ${d.val()}] }`,
    uses: ['@()', `@(${d.lit()})`, '[0].map((y) => @(y))'],
  }),
  (d) => ({
    text: `const ${d.n} = (x: any = ${d.val()}, ...rest: any[]): any => ({ x, r: rest.length, v: ${d.val()} })`,
    uses: ['@()', '@(1, 2).r', '@().v'],
  }),
  (d) => {
    const [p, q] = [d.key(), d.key()]
    return {
      text: `const ${d.n}: any = { ${p}: ${d.val()}, ${q}2() { return [this.${p}, ${d.lit()}] }, z: (t: any) => [t && t.${p}, ${d.val()}], w: ${d.lit()} }`,
      uses: [`@.${p}`, `@.${q}2()`, '@.z(@)', '@.z(0)', '@.w', '{ ...@ }', 'Object.keys(@)', `@['${p}']`, `@['${q}' + '2']()`],
    }
  },
  (d) => {
    const [p, q] = [d.key(), d.key()]
    return {
      text: `class ${d.n}: any { static s${p}: any = ${d.val()}; #h: any = ${d.lit()}; f: any = ${d.val()}; ${p}() { return [this.f, this.#h, this.${q}2(${d.lit()})] } ${q}2(x: any) { return [x, ${d.val()}] } get g(): any { return [this.f, ${d.lit()}] } set g(v: any) { this.f = v + ${d.lit()} } static m(x: any = ${d.lit()}): any { return [this.s${p}, x, new this().f] } static #k() { return ${d.lit()} } static k2() { return @@.#k() } toString() { return 't' + ${d.lit()} } valueOf() { return ${d.lit()} } }`
        .replace(': any {', ' {')
        .replaceAll('@@', d.n),
      uses: [
        `new @().${p}()`,
        'new @().g',
        `@.s${p}`,
        '@.m()',
        '@.k2()',
        '`${new @()}`',
        '+(new @() as any)',
        `new @()['${q}' + '2'](0)`,
        'Object.entries(new @())',
      ],
      isClass: true,
    }
  },
  (d) => {
    const base = d.base()
    const p = d.key()
    return {
      text: `class ${d.n} extends ${base} { ${p}() { return [${d.lit()}, super.toString(), (this as any).f] } static m2(): any { return [(super.name as any).length > 0, ${d.val()}, (this as any).s${p}] } get own() { return ${d.val()} } }`,
      uses: [
        `new @().${p}()`,
        'new @().own',
        '@.m2()',
        '(@ as any).m?.()',
        '(new @() as any).g',
        '(@ as any).sx',
        'new @() instanceof @',
        '`${new @()}`',
      ],
      isClass: true,
    }
  },
  (d) => ({
    text: `const mix${d.n} = (B: any): any => class extends B { mx() { return [${d.lit()}, (this as any).f] } static sm() { return ${d.val()} } }\nclass ${d.n} extends mix${d.n}(${d.base()}) { f3 = ${d.lit()} }`,
    uses: ['(new @() as any).mx()', '(@ as any).sm()', 'new @().f3', '(@ as any).m?.()'],
    isClass: true,
  }),
  (d) => ({
    text: `enum ${d.n} { A = ${d.one(['1', '2', '3'])}, B, C = 'c${d.one(['x', 'y'])}' as any }`,
    uses: ['@.A', '@.B', '@[1]', 'Object.keys(@)', '@.C'],
  }),
  (d) => ({
    text: `namespace ${d.n} { export const p: any = ${d.val()}; const hidden = ${d.lit()}; export function q(): any { return [p, hidden] } }`,
    uses: ['@.p', '@.q()'],
  }),
  (d) => {
    d.later((name) => `set${name}(${d.val()})`, 'beside')
    return { text: `let ${d.n}: any = ${d.lit()}\nexport function set${d.n}(v: any) { ${d.n} = [v, ${d.lit()}] }`, uses: ['@', '[@, 1]'] }
  },
  (d) => {
    d.later((name) => `${name}.set('k', () => ${d.val()})`)
    return {
      text: `const ${d.n} = new Map<string, any>([['i', () => ${d.lit()}]])`,
      uses: ["@.get('k')?.()", "@.get('i')()", '@.size', '[...@.keys()]'],
    }
  },
  (d) => {
    d.later((name) => `${name}.add({ v: ${d.val()} })`)
    return {
      text: `class Reg${d.n} { all: any[] = [${d.lit()}]; add(x: any) { this.all.push(x) } last() { return this.all.at(-1) } }\nconst ${d.n} = new Reg${d.n}()`,
      uses: ['@.all', '@.last()', '@.all.length'],
    }
  },
  (d) => {
    d.later((name) => `function boot${name}() { ${name}.put(${d.val()}) }\nboot${name}()`)
    return {
      text: `class ${d.n} { static list: any[] = []; static put(v: any) { this.list.push(v, ${d.lit()}) } static first() { return ${d.n}.list[0] } }`,
      uses: ['@.list', '@.first()'],
    }
  },
  (d) => {
    const p = d.key()
    d.write('', p, () => d.val())
    return { text: `const ${d.n}: any = { ${p}: ${d.lit()}, other: ${d.lit()} }`, uses: [`@.${p}`, '@.other', '@'] }
  },
  (d) => {
    const p = d.key()
    d.write('', p, () => `() => ${d.val()}`)
    return { text: `function ${d.n}(): any { return [${d.lit()}, typeof (${d.n} as any).${p}] }`, uses: ['@()', `(@ as any).${p}?.()`] }
  },
  (d) => {
    const p = d.key()
    d.write('.prototype', p, () => `function () { return ${d.val()} }`)
    return {
      text: `class ${d.n} { ${p}(): any { return ${d.lit()} } rest() { return ${d.lit()} } }`,
      uses: [`new @().${p}()`, 'new @().rest()'],
    }
  },
  (d) => ({
    text: `const ${d.n} = (s: TemplateStringsArray, ...v: any[]): any => [s.raw.join('|'), ...v, ${d.val()}]`,
    uses: ['@`a${1}b`', `@\`\${${d.lit()}}\``],
  }),
  (d) => ({
    text: `function* ${d.n}(_: any = fuel()): any { yield ${d.val()}; const x: any = yield ${d.lit()}; if (x) yield ${d.val()} }`,
    uses: ['[...@()]', '[...@()].length', '(() => { const [a] = @(); return a })()'],
  }),
  (d) => ({
    text: `const ${d.n}: any = { get g() { return [this.i, ${d.val()}] }, i: ${d.lit()}, set g(v) { this.i = v } }`,
    uses: ['@.g', '(() => { const { g } = @; return g })()', '@.i'],
  }),
  (d) => ({
    text: `class H${d.n} { get(t: any, k: any) { return [String(k), ${d.val()}] } has() { return ${d.one(['true', 'false'])} } ownKeys() { return [] } }\nconst ${d.n}: any = new Proxy({}, new H${d.n}())`,
    uses: ['@.anything', "('x' in @)"],
  }),
  (d) => ({
    text: `class It${d.n} { i = 0; next(_: any = fuel()): any { return { done: this.i++ > ${d.one(['0', '1', '2'])}, value: ${d.val()} } } return() { return {} } }\nclass ${d.n} { [Symbol.iterator]() { return new It${d.n}() } static [Symbol.hasInstance](x: any) { return x === ${d.lit()} } toJSON() { return ${d.lit()} } then2() { return 0 } }`,
    uses: ['[...new @()]', '(1 as any) instanceof @', 'JSON.stringify(new @())', '(() => { const [a] = new @() as any; return a })()'],
  }),
  (d) => ({ text: `class ${d.n} { then(ok: any) { ok(${d.val()}) } }`, uses: ['await (new @() as any)'] }),
  (d) => ({
    text: `class ${d.n} extends Error { code = ${d.lit()}; constructor(m: any) { super('e' + m) } }\nfunction fail${d.n}(): never { throw new ${d.n}(${d.val()}) }`,
    uses: ['(() => { try { throw new @(1) } catch (e: any) { return [e.message, e.code, e instanceof @] } })()'],
  }),
  (d) => ({
    text: `function ${d.n}(): any { let t: any = ${d.lit()}; out: for (let i = 0; i < 4; i++) { for (const j of [1, 2, 3]) { if (j === ${d.one(['1', '2', '3'])}) continue out; if (i === ${d.one(['2', '3', '1'])}) break out; t = [t, i + j] } } switch (t.length) { case 2: return [t, ${d.val()}]; default: return t } }`,
    uses: ['@()'],
  }),
  (d) => ({
    text: `function ${d.n}(x: any): any { const fs: any[] = []; for (let i = 0; i < 3; i++) fs.push(() => [i, x]); { const x = ${d.lit()}; fs.push(() => x) } try { return fs.map((f) => f()) } finally { x = ${d.lit()} } }`,
    uses: ['@(0)', `@(${d.lit()})[3]`],
  }),
  (d) => ({
    text: `const { a: ${d.n}, ...rest${d.n} }: any = { a: ${d.val()}, b: ${d.lit()}, c: ${d.lit()} }\nexport const tail${d.n} = () => rest${d.n}`,
    uses: ['@', '[@]'],
  }),
  (d) => ({ text: `const [, ${d.n} = ${d.val()}]: any[] = [${d.lit()}, ${d.one(['undefined', '7'])}]`, uses: ['@'] }),
  (d) => ({
    text: `const K${d.n} = 'k' + ${d.lit()}\nclass ${d.n} { [K${d.n}]() { return ${d.val()} } static [K${d.n} + 's'] = ${d.val()} }`,
    uses: ['Object.values(@)', '(new @() as any)[Object.getOwnPropertyNames(@.prototype)[1] as any]()'],
  }),
  (d) => ({
    text: `class ${d.n} { static a: any = ${d.lit()}; static { this.a = [this.a, ${d.val()}] } static b: any = (this.c = ${d.lit()}); static c: any }`,
    uses: ['@.a', '@.b', '@.c'],
  }),
  (d) => ({
    text: `function this${d.n}(this: any) { return [this.v, ${d.lit()}] }\nconst ${d.n}: any = { run: this${d.n}, v: ${d.val()}, w: ${d.lit()} }`,
    uses: ['@.run()', '@.w', '@.run.call({ v: 1 })'],
  }),
  (d) => ({
    text: `const deco${d.n}: any = (v: any, c: any) => (c.kind === 'method' ? function (this: any) { return ['d', v.call(this), this.side()] } : v)\nclass ${d.n} { @deco${d.n} m(): any { return ${d.val()} } side() { return ${d.lit()} } }`,
    uses: ['new @().m()', 'new @().side()'],
  }),
  (d) => ({
    text: `const all${d.n}: any[] = []\nconst reg${d.n}: any = (c: any) => { all${d.n}.push(c) }\n@reg${d.n} class C${d.n} { v() { return ${d.val()} } }\nconst ${d.n} = () => all${d.n}.map((c) => new c().v())`,
    uses: ['@()'],
  }),
  (d) => {
    d.later((name) => `;(globalThis as any).g${name} = [${d.val()}]`)
    return { text: `const ${d.n} = () => (globalThis as any).g${d.n}`, uses: ['@()'] }
  },
  (d) => ({ text: `class ${d.n} { accessor x: any = ${d.val()}; static accessor y: any = ${d.lit()} }`, uses: ['new @().x', '@.y'] }),
  (d) => ({
    text: `function ${d.n}(): any { return [new.target !== undefined, ${d.n}.extra] }\nnamespace ${d.n} { export const extra: any = ${d.val()} }`,
    uses: ['@()', '@.extra'],
  }),
  (d) => ({
    text: `const ${d.n} = ((seed: any) => { let n: any = seed; return { next2: () => (n = [n, ${d.val()}]), peek: () => n } })(${d.lit()})`,
    uses: ['@.peek()', '[@.next2(), @.peek()]'],
  }),
  (d) => ({
    text: `abstract class Abs${d.n} { tpl(): any { return [this.hook(), ${d.lit()}] } abstract hook(): any; sibling() { return ${d.lit()} } }\nclass ${d.n} extends Abs${d.n} { hook() { return ${d.val()} } }`,
    uses: ['new @().tpl()', 'new @().sibling()', 'new @().hook()'],
  }),
  (d) => ({ text: `import data${d.n} from '~/data.json'\nconst ${d.n} = () => [data${d.n}.p, ${d.lit()}]`, uses: ['@()'] }),
  (d) => ({
    text: `const ${d.n} = async (): Promise<any> => { const m: any = await import('~/late.js'); return [m.late(), ${d.lit()}] }`,
    uses: ['await @()'],
  }),
  (d) => ({
    text: `const ${d.n} = new (class { tbl: any = { p: ${d.val()}, q: () => ${d.lit()} }; via(k: any) { return this.tbl[k] } })()`,
    uses: ["@.via('p')", '@.tbl.q()'],
  }),
]

/** How a module may write to a member of an item. */
export const WRITES: readonly ((t: string, key: string, v: string, n: number) => string)[] = [
  (t, k, v) => `;(${t} as any).${k} = ${v}`,
  (t, k, v, n) => `const alias${n}: any = ${t}\nalias${n}.${k} = ${v}`,
  (t, k, v) => `for (const t of [${t}] as any[]) t.${k} = ${v}`,
  (t, k, v) => `;[${t}].forEach((t: any) => { t.${k} = ${v} })`,
  (t, k, v) => `Object.assign(${t}, { ${k}: ${v} })`,
  (t, k, v) => `Object.defineProperty(${t}, '${k}', { value: ${v}, writable: true, enumerable: true, configurable: true })`,
  (t, k, v, n) => `function patch${n}(t: any) { t.${k} = ${v} }\npatch${n}(${t})`,
  (t, k, v, n) => `function run${n}() { (${t} as any)['${k}'] = ${v} }\nrun${n}()`,
  (t, k, v, n) => `class P${n} { static { (${t} as any).${k} = ${v} } }`,
  (t, k, v) => `((t: any) => { t.${k} = ${v} })(${t})`,
  (t, k, v) => `;({ v: (${t} as any).${k} } = { v: ${v} })`,
  (t, k, v, n) => `class W${n} { constructor(public t: any) { this.t.${k} = ${v} } }\nnew W${n}(${t})`,
  (t, k, v, n) => `const held${n} = { inner: ${t} as any }\nheld${n}.inner.${k} = ${v}`,
  (t, k, v, n) => `const box${n} = new Map<string, any>([['t', ${t}]])\nbox${n}.get('t').${k} = ${v}`,
  (t, k, v) => `Reflect.set(${t}, '${k}', ${v})`,
]
