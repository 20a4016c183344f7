import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { fileUri, openTask, readFile, startWork, until, workspaceFolder, writeFile } from '../taskSteps.ts';

type Extension = Awaited<ReturnType<typeof startWork>>;

/** A folder on a disk that refuses every write. */
class ReadOnlyFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly files = new Map<string, string>();
  watch = () => new vscode.Disposable(() => undefined);
  stat(uri: vscode.Uri): vscode.FileStat {
    const file = this.files.get(uri.path);
    const isFolder = [...this.files.keys(), '/work/x'].some((path) => path.startsWith(`${uri.path}/`));
    if (file === undefined && !isFolder) throw vscode.FileSystemError.FileNotFound(uri);
    return {
      type: file === undefined ? vscode.FileType.Directory : vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: file?.length ?? 0,
    };
  }
  readDirectory = (): [string, vscode.FileType][] => [];
  readFile(uri: vscode.Uri): Uint8Array {
    const file = this.files.get(uri.path);
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(file);
  }
  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  createDirectory = this.writeFile.bind(this);
  delete = this.writeFile.bind(this);
  rename = this.writeFile.bind(this);
}

describe('the work folder', () => {
  let extension: Extension;
  before(async () => {
    extension = await startWork();
    await openTask();
  });
  afterEach(() => startWork());

  const errorsOf = async (act: () => Thenable<unknown>): Promise<string> => {
    const before = extension.exports.saidErrors().length;
    await act();
    return extension.exports.saidErrors().slice(before).join('\n');
  };

  const settings = '{"format":1,"pack":"trapframe","learner":"ada","seed":7}';
  /** A work folder on such a disk, chosen as the work folder. */
  const readOnlyWork = async (scheme: string): Promise<ReadOnlyFiles & vscode.Disposable> => {
    const provider = new ReadOnlyFiles();
    provider.files.set('/work/trapframe.json', settings);
    const registration = vscode.workspace.registerFileSystemProvider(scheme, provider);
    const folder = vscode.Uri.from({ scheme, path: '/work' });
    await vscode.commands.executeCommand('trapframe.chooseWorkFolder', folder);
    return Object.assign(provider, { dispose: () => void registration.dispose() });
  };

  it('that may not be written in is refused with a next step, and the old one stays', async () => {
    const provider = new ReadOnlyFiles();
    const registration = vscode.workspace.registerFileSystemProvider('frozen', provider);
    const folder = vscode.Uri.from({ scheme: 'frozen', path: '/work' });
    const said = await errorsOf(() => vscode.commands.executeCommand('trapframe.chooseWorkFolder', folder));
    assert.match(said, /^Trapframe may not write in .*work.*\. Choose a folder that you may write to\.$/);
    assert.equal(
      await errorsOf(() => vscode.commands.executeCommand('trapframe.checkTask', 'round-robin')),
      '',
    );
    registration.dispose();
  });

  it('that turned read-only still opens the task that is there, and says so where it is not', async () => {
    const disk = await readOnlyWork('frozen2');
    const said = await errorsOf(() => vscode.commands.executeCommand('trapframe.openTask', 'round-robin'));
    assert.match(said, /^Trapframe may not write in .+ Nothing was changed\. Choose a folder/);

    disk.files.set('/work/round-robin/scheduler.ts', '// mine');
    assert.equal(
      await errorsOf(() => vscode.commands.executeCommand('trapframe.openTask', 'round-robin')),
      '',
    );
    // Whichever editor has the focus: the deciding line of an earlier check may be shown meanwhile.
    const ofTask = (tab: vscode.Tab): boolean =>
      tab.input instanceof vscode.TabInputText && tab.input.uri.scheme === 'frozen2';
    const shown = (): vscode.Tab | undefined =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(ofTask);
    await until(() => shown() !== undefined);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: 'frozen2', path: '/work/round-robin/scheduler.ts' }),
    );
    assert.equal(document.getText(), '// mine');
    await vscode.window.tabGroups.close(shown()!);
    disk.dispose();
  });

  it('that was chosen stays the work folder when the settings of another one change', async () => {
    const disk = await readOnlyWork('frozen3');
    let noticed = false;
    const watcher = vscode.workspace.createFileSystemWatcher('**/trapframe.json');
    watcher.onDidChange(() => (noticed = true));
    await until(async () => {
      await writeFile(fileUri('trapframe.json'), settings);
      return noticed;
    });
    watcher.dispose();

    const said = await errorsOf(() => vscode.commands.executeCommand('trapframe.openTask', 'round-robin'));
    assert.match(said, /^Trapframe may not write in .+ Nothing was changed\. Choose a folder/);
    disk.dispose();
  });

  it('with a broken trapframe.json says what is wrong with it, and leaves it as it is', async () => {
    const broken = '{ "format": 1, "pack": "trapframe", "learner": "ada", "seed": "seven" }';
    await writeFile(fileUri('trapframe.json'), broken);
    const said = await errorsOf(() =>
      vscode.commands.executeCommand('trapframe.chooseWorkFolder', workspaceFolder()),
    );
    assert.match(said, /trapframe\.json has the seed "seven"\. It must be a whole number/);
    assert.equal(await readFile(fileUri('trapframe.json')), broken);
  });
});
