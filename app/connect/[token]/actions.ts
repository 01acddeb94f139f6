"use server";
import { publicAction } from "#lib/server/action";
import { beginHandOff, beginHandOffInput } from "./begin-hand-off.ts";

export const beginHandOffAction = publicAction(beginHandOffInput, beginHandOff);
