import type { CompilerReport, Question } from '../messages';
import type { Compiler } from './compile';
import { complete, inspectCode, isComplete } from './language';

/** Answers one question; what goes wrong in TypeScript itself is an answer, too. */
export function answer(compiler: Compiler, question: Question): CompilerReport['answer'] {
  try {
    switch (question.kind) {
      case 'compile':
        return compiler.compile(question.code);
      case 'complete':
        return complete(compiler, question.code, question.cursor);
      case 'inspect':
        return inspectCode(compiler, question.code, question.cursor);
      case 'isComplete':
        return isComplete(question.code);
    }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    // V8's own words for a stack that is full.
    const isDeep = error instanceof RangeError && /call stack/.test(what);
    const evalue = isDeep ? 'the code is nested too deeply for the compiler' : what;
    return { status: 'error', ename: 'KernelError', evalue, traceback: [evalue] };
  }
}
