"""MNIST as PyTorch is given it: whole in memory, or as the original lab's template has it."""
import torch
from torch.nn.functional import cross_entropy

from peer_files import read

# Images at once that PyTorch evaluates fastest.
EVALUATED = 1000


class Tuned:
    def __init__(self, folder):
        image = lambda name: torch.from_numpy(read(folder / name).copy()).float().div(255).reshape(-1, 784)
        label = lambda name: torch.from_numpy(read(folder / name).copy()).long()
        self.sets = [
            (image("train-images-idx3-ubyte"), label("train-labels-idx1-ubyte")),
            (image("t10k-images-idx3-ubyte"), label("t10k-labels-idx1-ubyte")),
        ]

    def batches(self, size=128, of=None, shuffle=True):
        """Batches of the first images of the training set, of all by default."""
        x, y = (part[:of] for part in self.sets[0])
        order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
        for some in order.split(size):
            yield x[some], y[some]

    @torch.no_grad()
    def evaluate(self, net):
        figures = []
        for x, y in self.sets:
            loss = right = 0
            for some in range(0, len(x), EVALUATED):
                batch, labels = x[some : some + EVALUATED], y[some : some + EVALUATED]
                z = net(batch)
                loss += cross_entropy(z, labels, reduction="sum").item()
                right += (z.argmax(1) == labels).sum().item()
            figures.append((loss / len(x), right / len(x)))
        return figures


class Template(Tuned):
    """The original's way: a dataset of images, ToTensor on each, a DataLoader on top."""

    def __init__(self, folder):
        raw = lambda a, b: (read(folder / a), read(folder / b))
        self.raw = [
            raw("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
            raw("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        ]

    def loader(self, which, shuffle):
        images, labels = self.raw[which]

        class Images(torch.utils.data.Dataset):
            def __len__(self):
                return len(images)

            def __getitem__(self, i):
                # torchvision's ToTensor of one image, without the detour over PIL.
                x = torch.from_numpy(images[i].copy()).unsqueeze(0).float().div(255)
                return x.reshape(784), int(labels[i])

        return torch.utils.data.DataLoader(Images(), batch_size=128, shuffle=shuffle)

    def batches(self):
        yield from self.loader(0, True)

    @torch.no_grad()
    def evaluate(self, net):
        figures = []
        for which in (0, 1):
            loss = right = n = 0
            for x, y in self.loader(which, False):
                z = net(x)
                loss += cross_entropy(z, y).item() * len(x)
                right += (z.argmax(1) == y).sum().item()
                n += len(x)
            figures.append((loss / n, right / n))
        return figures
