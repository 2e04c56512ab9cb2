import type { SpawnOptions } from 'node:child_process';
import { join } from 'node:path';

/** How a submission is kept from everything else. */
export type Isolation = 'bubblewrap' | 'none' | OtherUser;

/** A user of this machine who can read and change nothing that matters, and whom no process serves. */
export interface OtherUser {
  readonly uid: number;
  readonly gid: number;
}

/** What a submission may use. */
export interface Limits {
  /** Wall-clock time of a notebook, in seconds. */
  readonly seconds: number;
  /** Of it, the longest that the cells of one task may take together. */
  readonly taskSeconds: number;
  /** Processor time of all the processes of a notebook together, in seconds. */
  readonly processorSeconds: number;
  /** The longest that they may use no processor time at all, in seconds. */
  readonly silentSeconds: number;
  /** Resident memory of all its processes together, in MB. */
  readonly memoryMB: number;
  readonly processes: number;
  /** What it may write, in MB, all of it in memory. */
  readonly diskMB: number;
  /** What it may tell the grader, in MB. */
  readonly outputMB: number;
}

/** A file of this machine, and the path under which a program finds a copy of it in its folder. */
export interface GivenFile {
  readonly from: string;
  readonly as: string;
}

/**
 * A program, and what it is given. Its folder is its `HOME`; it starts in `notebook` of it, and
 * keeps what it makes in `files` of it.
 */
export interface Program {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly GivenFile[];
}

/** Where and how a program is carried out. */
export interface Place {
  readonly command: readonly string[];
  readonly options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'>;
  /** Open files that it starts with, as its descriptors from 3 on. */
  readonly descriptors: readonly number[];
  /** To be called when it has ended. */
  leave(): void;
}

/** The part of the limits that a place itself keeps. */
export type Room = Pick<Limits, 'diskMB'>;

/** The protections that an isolation gives, in words. */
export function protectionsOf(isolation: Isolation): readonly string[] {
  return PROTECTIONS[typeof isolation === 'string' ? isolation : 'otherUser'];
}

const PROTECTIONS = {
  bubblewrap: [
    'own process, user, network and file-system namespaces (bubblewrap)',
    'no network, a home and an environment of its own, lib read-only, nothing else of this machine',
    'limits on time, memory, processes, files and output',
  ],
  otherUser: [
    'another user of this machine, a home and an environment of its own; limits on time, memory, processes and output',
    'NONE against reading what every user here can read, or against the network',
  ],
  none: [
    'own process group, a home and an environment of its own; limits on time, memory, processes and output',
    'NONE against reading and changing what you can read and change here, or against the network',
  ],
} as const;

/** What the program learns of its folders. */
export function foldersOf(work: string, evidence: string) {
  return { HOME: work, TMPDIR: work, LAB_OUT: join(work, 'files'), LAB_EVIDENCE: evidence };
}
