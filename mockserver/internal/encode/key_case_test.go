package encode

import "testing"

func TestSnakeCase_SeparatesEveryCapital(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"": "", "id": "id", "content_path": "content_path", "createdAt": "created_at", "lastEditedBy": "last_edited_by",
		"requestIp": "request_ip", "aAzZ[@9": "a_az_z[@9",
	} {
		if got := snakeCase(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
