// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates of their own
import type { Notebooks } from './notebook';

export const classes: Notebooks = {
  'members of classes': [
    [
      'class Acc { static made = 0; static { Acc.made = 10 } #total = 0; constructor(private readonly owner: string, public rate = 2) { Acc.made++ } get total() { return this.#total } set total(to) { this.#total = to * this.rate } add(n: number) { this.#total += n; return this } static #secret() { return "s" } static reveal() { return Acc.#secret() } has(o: object) { return #total in o } who() { return this.owner } }',
      '',
    ],
    ['const acc1 = new Acc("me"); acc1.add(3).add(4).total', '7'],
    [
      'acc1.total = 5; [acc1.total, acc1.who(), Acc.made, Acc.reveal(), acc1.has(acc1), acc1.has({})].join()',
      "'10,me,11,s,true,false'",
    ],
    [
      'acc1.owner',
      "CompileError: Property 'owner' is private and only accessible within class 'Acc'.",
    ],
    ['acc1.#total', /^CompileError: Property '#total' /],
    ['acc1', "Acc { owner: 'me', rate: 2 }"],
    ['Acc', '[class Acc] { made: 11 }'],
    [
      'class Saver extends Acc { constructor() { super("saver", 3) } override add(n: number) { return super.add(n * 2) } get total() { return super.total + 1 } } new Saver().add(5).total',
      '11',
    ],
    ['Acc.made', '12'],
    [
      'class FieldOrder { a = 1; b = this.a + 1; ["c1"] = this.b + 1; static [Symbol.hasInstance](_: unknown) { return true } } const fo9 = new FieldOrder(); [fo9.a, fo9.b, (fo9 as any).c1, ({} as any) instanceof FieldOrder]',
      '[ 1, 2, 3, true ]',
    ],
    [
      'class Accessor1 { accessor x = 1; static accessor y = 2 } const ac = new Accessor1(); ac.x++; [ac.x, Accessor1.y, Object.keys(ac)]',
      '[ 2, 2, [] ]',
    ],
    [
      'class Iter { *[Symbol.iterator]() { yield* [1, 2] } async *later() { yield 3 } async get() { return 4 } } [...new Iter()]',
      '[ 1, 2 ]',
    ],
    ['const it1 = new Iter(); for await (const v of it1.later()) it1; await it1.get()', '4'],
    [
      'class Bound { n = 5; arrow = () => this.n; plain() { return this?.n } } const { arrow, plain } = new Bound(); [arrow(), plain.call(undefined)]',
      '[ 5, undefined ]',
    ],
    [
      'class Optional1 { x?: number; y!: string; declare z: number; readonly w = 1 } Object.keys(new Optional1())',
      "[ 'x', 'y', 'w' ]",
    ],
    [
      'class Selfish { static self = Selfish; static make() { return new Selfish() } clone() { return new Selfish() } } [Selfish.self === Selfish, Selfish.make() instanceof Selfish, new Selfish().clone() instanceof Selfish]',
      '[ true, true, true ]',
    ],
    ['[Selfish.self === Selfish, Selfish.make() instanceof Selfish]', '[ true, true ]'],
    [
      'class WithIndex { [key: string]: unknown; known = 1 } const wi = new WithIndex(); wi.other = 2; wi',
      'WithIndex { known: 1, other: 2 }',
    ],
    ['class Getter { static get answer() { return 42 } } Getter.answer', '42'],
    ['class Nul extends null { static ok = 1 } Nul.ok', '1'],
    [
      'class Err9 extends Error { override name = "Err9"; constructor(public code: number) { super(`code ${code}`, { cause: "why" }) } } throw new Err9(5)',
      'Err9: code 5',
    ],
    [
      'try { throw new Err9(6) } catch (e) { said = [e instanceof Err9, e instanceof Error, e.code, e.cause].join() } said',
      "'true,true,6,why'",
    ],
    [
      'class MyArray extends Array<number> { sum() { return this.reduce((a, b) => a + b, 0) } } const ma = MyArray.from([1, 2, 3]) as MyArray; [ma.sum(), ma.map((x) => x * 2) instanceof MyArray, ma.length]',
      '[ 6, true, 3 ]',
    ],
  ],
  'abstract classes and interfaces': [
    [
      'abstract class Base9 { abstract area(): number; describe() { return `area ${this.area()}` } protected inner = 3 }',
      '',
    ],
    ['new Base9()', 'CompileError: Cannot create an instance of an abstract class.'],
    [
      'class Sq extends Base9 { constructor(readonly s: number) { super() } area() { return this.s ** 2 + this.inner - 3 } } new Sq(3).describe()',
      "'area 9'",
    ],
    [
      'class NotAll extends Base9 {}',
      "CompileError: Non-abstract class 'NotAll' does not implement inherited abstract member area from class 'Base9'.",
    ],
    [
      'interface Speaks { speak(): string } class Cat9 implements Speaks { speak() { return "meow" } } const speaker: Speaks = new Cat9(); speaker.speak()',
      "'meow'",
    ],
    [
      'class Mute implements Speaks {}',
      /^CompileError: Class 'Mute' incorrectly implements interface 'Speaks'\./,
    ],
    [
      'new Sq(2).inner',
      "CompileError: Property 'inner' is protected and only accessible within class 'Base9' and its subclasses.",
    ],
    [
      'function makeSub(B: typeof Sq) { return class extends B { twice() { return this.area() * 2 } } } const Sub9 = makeSub(Sq)',
      '',
    ],
    ['new Sub9(3).twice()', '18'],
    [
      'type Ctor9<T = {}> = new (...args: any[]) => T; const Timed = <B extends Ctor9>(B: B) => class Timed extends B { at = 7 }',
      '',
    ],
    [
      'class TimedCat extends Timed(Cat9) {} const tc = new TimedCat(); [tc.at, tc.speak()]',
      "[ 7, 'meow' ]",
    ],
    ['const Klass = class { x = 1 }; [Klass.name, new Klass().x]', "[ 'Klass', 1 ]"],
    [
      'const Klass2 = class Own { static who = Own.name }; [Klass2.name, Klass2.who]',
      "[ 'Own', 'Own' ]",
    ],
    ['class Anon9 { static name2 = this.name } Anon9.name2', "'Anon9'"],
    ['class Named9 { static name = "mine" } Named9.name', "'mine'"],
    ['(class {}).name', "''"],
  ],
  'new.target, this and super': [
    [
      'function Target9() { return new.target === undefined ? "called" : "made" } Target9()',
      "'called'",
    ],
    [
      'class Nt { who = ""; constructor() { this.who = new.target.name } } class Nt2 extends Nt {} new Nt2().who',
      "'Nt2'",
    ],
    ['function strictThis() { return this } strictThis()', ''],
    ['typeof strictThis.call(5)', "'number'"],
    [
      'const objThis = { n: 3, get() { return this.n }, arrow: () => typeof this, nested() { return [1].map(() => this.n) } }; [objThis.get(), objThis.nested()]',
      '[ 3, [ 3 ] ]',
    ],
    ['(objThis.get)()', '3'],
    ['objThis?.get?.()', '3'],
    ['(objThis as any)["get"]()', '3'],
    ['(objThis as { get(): number }).get()', '3'],
    ['const loose = objThis.get; loose.call({ n: 8 })', '8'],
    [
      'const base9 = { hi() { return "base" } }, derived9 = { __proto__: base9, hi() { return super.hi() + "!" } }; derived9.hi()',
      "'base!'",
    ],
    [
      'function Old9(this: any, x: number) { this.x = x } Old9.prototype.get = function () { return this.x }; new (Old9 as any)(4).get()',
      '4',
    ],
    ['function showThis(this: unknown) { return this === undefined } showThis()', 'true'],
    ['showThis?.()', 'true'],
    ['[(showThis)(), showThis!(), (showThis as any)()]', '[ true, true, true ]'],
    ['(function () { return typeof this })()', "'undefined'"],
    ['typeof this', "'undefined'"],
    ['[1].map(function () { return this === undefined })', '[ true ]'],
  ],
  decorators: [
    [
      'const calls9: string[] = []; function logged<T extends (...args: any[]) => any>(method: T, context: ClassMethodDecoratorContext) { return function (this: any, ...args: any[]) { calls9.push(`${String(context.name)}(${args})`); return method.apply(this, args) } as T }',
      '',
    ],
    [
      'class Calc { @logged add(a: number, b: number) { return a + b } @logged static zero() { return 0 } } [new Calc().add(1, 2), Calc.zero(), calls9]',
      "[ 3, 0, [ 'add(1,2)', 'zero()' ] ]",
    ],
    [
      'const doubled = (_: undefined, context: ClassFieldDecoratorContext) => (initial: number) => initial * 2; class Dbl { @doubled x = 4; @doubled static y = 5; @doubled #z = 6; get z() { return this.#z } } [new Dbl().x, Dbl.y, new Dbl().z]',
      '[ 8, 10, 12 ]',
    ],
    [
      'function sealed9<C extends new (...args: any[]) => object>(Class: C, { name }: ClassDecoratorContext<C>) { return class extends Class { static sealedName = name } as C } @sealed9 class Sealed { x = 1 } [new Sealed().x, (Sealed as any).sealedName]',
      "[ 1, 'Sealed' ]",
    ],
    ['(Sealed as any).sealedName', "'Sealed'"],
    ['new Sealed() instanceof Sealed', 'true'],
    [
      'function clamp9(target: ClassAccessorDecoratorTarget<any, number>, _: ClassAccessorDecoratorContext): ClassAccessorDecoratorResult<any, number> { return { get() { return target.get.call(this) }, set(v) { target.set.call(this, Math.min(v, 10)) } } } class Clamped { @clamp9 accessor level = 3 } const clamped = new Clamped(); clamped.level = 99; clamped.level',
      '10',
    ],
    [
      'const registry9: unknown[] = []; const register9 = (value: unknown, _: unknown) => void registry9.push(value); @register9 class Registered { static self = Registered } registry9[0] === Registered && Registered.self === Registered',
      'true',
    ],
    ['@register9 export class Exported9 {} registry9.length', '2'],
    ['export @register9 class Exported10 {} registry9.length', '3'],
    [
      'const inst9 = []; function onInit(_: unknown, c: ClassMethodDecoratorContext) { c.addInitializer(function () { inst9.push(c.name) }) } class Init9 { @onInit m() {} } new Init9(); inst9',
      "[ 'm' ]",
    ],
    ['@((c: any) => c) class Inline9 { y = 2 } new Inline9().y', '2'],
    ['const Deco9 = @register9 class { static z = 3 }; [Deco9.z, Deco9.name]', "[ 3, 'Deco9' ]"],
    ['Sealed.name', "''"],
  ],
};
