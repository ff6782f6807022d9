package fakes_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

const fakeVault = "vault-1"

// fake is what people write who need a Connect server in a test and have read the document once.
type fake struct {
	mu    sync.Mutex
	items map[string]map[string]any // by title
}

// newFake returns a fake with one item.
func newFake() http.Handler {
	f := &fake{items: map[string]map[string]any{"Database": {
		"id": "item-Database", "title": "Database", "version": 1.0, "tags": nil, "fields": []any{},
	}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/vaults", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusOK, []any{map[string]any{"id": fakeVault, "name": "Test"}})
	})
	mux.HandleFunc("GET /v1/vaults/{vault}", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "vault not found", http.StatusNotFound)
	})
	mux.HandleFunc("GET /v1/vaults/{vault}/items", f.list)
	mux.HandleFunc("POST /v1/vaults/{vault}/items", f.create)
	mux.HandleFunc("GET /v1/vaults/{vault}/items/{item}", f.get)
	mux.HandleFunc("PUT /v1/vaults/{vault}/items/{item}", f.replace)
	mux.HandleFunc("DELETE /v1/vaults/{vault}/items/{item}", f.remove)
	return mux
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (f *fake) list(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []any{}
	for _, item := range f.items {
		all = append(all, item)
	}
	respond(w, http.StatusOK, all)
}

func (f *fake) create(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	item := map[string]any{"version": 1.0, "tags": nil}
	if err := json.NewDecoder(r.Body).Decode(&item); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	item["id"] = fmt.Sprintf("item-%x", item["title"])
	f.items[fmt.Sprint(item["title"])] = item
	respond(w, http.StatusCreated, item)
}

// find returns the item of a request, or responds that there is none.
func (f *fake) find(w http.ResponseWriter, r *http.Request) map[string]any {
	for _, item := range f.items {
		if item["id"] == r.PathValue("item") {
			return item
		}
	}
	http.Error(w, "no such item", http.StatusNotFound)
	return nil
}

func (f *fake) get(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if item := f.find(w, r); item != nil {
		respond(w, http.StatusOK, item)
	}
}

func (f *fake) replace(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	item := f.find(w, r)
	if item == nil {
		return
	}
	version := item["version"].(float64)
	if err := json.NewDecoder(r.Body).Decode(&item); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	item["version"] = version + 1
	respond(w, http.StatusOK, item)
}

func (f *fake) remove(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if item := f.find(w, r); item != nil {
		delete(f.items, fmt.Sprint(item["title"]))
		respond(w, http.StatusOK, map[string]any{"deleted": true})
	}
}
