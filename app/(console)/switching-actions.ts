"use server";
import { action } from "#lib/server/action";
import { endParallelRun, endParallelRunInput } from "#lib/services/end-parallel-run";
import { startParallelRun, startParallelRunInput } from "#lib/services/start-parallel-run";
import { switchSource, switchSourceInput } from "#lib/services/switch-source";
import { undoSwitch, undoSwitchInput } from "#lib/services/undo-switch";

export const switchSourceAction = action(switchSourceInput, switchSource);
export const undoSwitchAction = action(undoSwitchInput, undoSwitch);
export const startParallelRunAction = action(startParallelRunInput, startParallelRun);
export const endParallelRunAction = action(endParallelRunInput, endParallelRun);
