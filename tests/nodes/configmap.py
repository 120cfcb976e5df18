"""A ConfigMap's mount, as the kubelet keeps it: all keys of one moment, swapped by one rename.

    ..data -> ..1        the moment that holds
    ..1/web.json
    web.json -> ..data/web.json
"""

import os
import shutil


class ConfigMap:
    def __init__(self, folder, data):
        self.folder, self.moment = folder, 0
        os.makedirs(folder)
        self.update(data)

    def update(self, data):
        old = os.path.join(self.folder, f"..{self.moment}")
        self.moment += 1
        name = f"..{self.moment}"
        os.mkdir(os.path.join(self.folder, name))
        for key, text in data.items():
            with open(os.path.join(self.folder, name, key), "w") as file:
                file.write(text)
        fresh = os.path.join(self.folder, "..data_tmp")
        os.symlink(name, fresh)
        os.rename(fresh, os.path.join(self.folder, "..data"))
        self.show(data)
        shutil.rmtree(old, ignore_errors=True)

    def show(self, data):
        """The names users see."""
        shown = {entry for entry in os.listdir(self.folder) if not entry.startswith("..")}
        for key in shown - set(data):
            os.unlink(os.path.join(self.folder, key))
        for key in set(data) - shown:
            os.symlink(os.path.join("..data", key), os.path.join(self.folder, key))
