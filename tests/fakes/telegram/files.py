"""Files on the fake's servers: uploads and people's attachments, fetched by getFile and the file address."""

from itertools import count

from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.model import StoredFile
from tests.fakes.wire import Json

# getFile serves "files of up to 20MB in size"; bots send up to 50 MB, photos up to 10 MB.
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
_PHOTO_WIDTHS = (90, 320, 800)


class Files:
    """All files by file_id and by the path getFile gave."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = count(1)

    def keep(self, name: str, mime: str, content: bytes, folder: str = "documents") -> StoredFile:
        """Store a file and give it its ids."""
        number = next(self._numbers)
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        path = f"{folder}/file_{number}{suffix}"
        stored = StoredFile(f"BQACAgIAAxkBAAI{number:08d}", f"AgAD{number:08d}", name, mime, path, content)
        self._by_id[stored.file_id] = self._by_path[path] = stored
        return stored

    def photo(self, content: bytes) -> Json:
        """Store a picture; the `photo` field of a Message, smallest size first. Raises ApiError for no picture."""
        if len(content) > PHOTO_LIMIT:
            raise bad_request(f"file is too big, maximum photo size is {PHOTO_LIMIT} bytes")
        if not content.startswith(_MAGIC):
            raise bad_request("IMAGE_PROCESS_FAILED")
        sizes = []
        for width in _PHOTO_WIDTHS:
            stored = self.keep("photo.jpg", "image/jpeg", content, "photos")
            sizes.append(
                {
                    "file_id": stored.file_id,
                    "file_unique_id": stored.unique_id,
                    "width": width,
                    "height": width,
                    "file_size": len(content),
                }
            )
        return {"photo": sizes}

    def by_id(self, file_id: str) -> StoredFile:
        """A file by the id clients use. Raises ApiError 400."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def by_path(self, path: str) -> StoredFile | None:
        """A file by the path getFile gave."""
        return self._by_path.get(path)
