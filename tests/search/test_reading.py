"""Weight matrices in every format, and what is said of files that are none."""

import json

import numpy as np
import pytest
from scipy.io import savemat

from symrelu.arithmetic.outcome import UsageError
from symrelu.search.reading import read_weights

W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, -6.5]])


def test_every_format_gives_the_matrix(tmp_path):
    np.save(tmp_path / "w.npy", W)
    np.savez(tmp_path / "w.npz", layer=W)
    np.savetxt(tmp_path / "w.csv", W, delimiter=",", header="a,b,c", comments="")
    savemat(tmp_path / "w.mat", {"layer": W})
    (tmp_path / "w.json").write_text(json.dumps({"weights": W.tolist(), "note": "x"}))
    for suffix in ("npy", "npz", "csv", "mat", "json"):
        np.testing.assert_array_equal(read_weights(tmp_path / f"w.{suffix}"), W)
    np.testing.assert_array_equal(read_weights(tmp_path / "w.npy", transpose=True), W.T)


def test_several_arrays_need_a_name(tmp_path):
    np.savez(tmp_path / "w.npz", one=W, two=2 * W)
    with pytest.raises(UsageError, match="one, two"):
        read_weights(tmp_path / "w.npz")
    np.testing.assert_array_equal(read_weights(tmp_path / "w.npz", array="two"), 2 * W)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("w.txt", "1", "not read"),
        ("w.csv", "1,2\n3,x\n", "'x' in row 2"),
        ("w.csv", "1,2\n3\n", "different lengths"),
        ("w.json", "{", "not JSON"),
        ("w.json", "[1, 2]", "shape"),
        ("w.npy", "nonsense", "numpy"),
        ("w.mat", "nonsense", "MATLAB"),
    ],
)
def test_bad_files(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(UsageError, match=message):
        read_weights(tmp_path / name)


def test_no_file_and_no_pickles(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        read_weights(tmp_path / "w.npy")
    np.save(tmp_path / "w.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UsageError, match="pickle"):
        read_weights(tmp_path / "w.npy")


def test_matlab_of_version_7_3_says_how_to_save_it(tmp_path):
    path = tmp_path / "w.mat"
    header = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM"
    path.write_bytes(header.ljust(512, b"\0") + b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(UsageError, match="save it again with -v7"):
        read_weights(path)
