package emulator_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestExternalKeys(t *testing.T) {
	o := start(t, emulator.Options{})
	const path = "/organization/external_keys"
	project := o.project(t, "dev")
	key := func(rest string) string { return fmt.Sprintf(`{"name":"k","external_id":%q,%s}`, project, rest) }
	const aws = `"type":"aws","kms_arn":"arn:aws:kms:eu:1:key/a","role_arn":"arn:aws:iam::123456789012:role/r"`
	made := o.do(t, "POST", path, key(aws))
	id := made.text("id")
	expect(t, "purpose", made.text("purpose"), "ekm")
	expect(t, "role", made.text("role_arn"), "arn:aws:iam::123456789012:role/r")
	expect(t, "status", o.do(t, "POST", path+"/"+id+"/validate", "").text("status"), "success")
	azure := o.do(t, "POST", path, `{"name":"k","type":"azure","purpose":"psp_decryption","tenant_id":"t","vault_uri":"u","key_name":"org-emulator--n","key_version":"1"}`)
	expect(t, "by purpose", o.do(t, "GET", path+"?purpose=psp_decryption", "").text("first_id"), azure.text("id"))
	expect(t, "after the first", o.do(t, "GET", path+"?limit=1&after="+id, "").text("first_id"), azure.text("id"))
	oci := o.do(t, "POST", path, `{"name":"k","type":"oci","region":"eu-frankfurt-1","vault_ocid":"v","key_ocid":"o"}`)
	expect(t, "key of Oracle", fmt.Sprint(oci["region"], oci["vault_ocid"], oci["key_ocid"]), "eu-frankfurt-1vo")
	for asked, param := range map[string]string{
		`{"name":"k","type":"ibm"}`:                               "type",
		`{"name":"k","type":"oci","region":"r","vault_ocid":"v"}`: "key_ocid",
		`{"name":"k","type":"oci","region":"r","vault_ocid":"v","key_ocid":"o","purpose":"psp_decryption"}`: "key_version_ocid",
		`{"type":"aws"}`:                                    "name",
		key(`"type":"aws","kms_arn":"a"`):                   "role_arn",
		key(`"type":"aws","kms_arn":"a","role_arn":"r"`):    "role_arn",
		key(aws + `,"purpose":"love"`):                      "purpose",
		`{"name":"k",` + aws + `,"external_id":"org-none"}`: "external_id",
		`{"name":"k","type":"azure","tenant_id":"t","vault_uri":"u","key_name":"org-emulator--n","key_version":"1"}`:          "key_version",
		`{"name":"k","type":"azure","tenant_id":"t","vault_uri":"u","key_name":"org-emulator--n","purpose":"psp_decryption"}`: "key_version",
		`{"name":"k","type":"azure","tenant_id":"t","vault_uri":"u","key_name":"n"}`:                                          "key_name",
		`{"name":"k","type":"azure","tenant_id":"t","vault_uri":"u","key_name":"org-emulator--"}`:                             "key_name",
	} {
		expect(t, "param of "+asked, o.refused(t, 400, "POST", path, asked).text("param"), param)
	}
	o.do(t, "POST", "/organization/projects/"+project, body(t, map[string]string{"external_key_id": id}))
	contains(t, o.refused(t, 400, "DELETE", path+"/"+id, "").text("message"), "is used by project "+project)
	o.do(t, "POST", "/organization/projects/"+project+"/archive", "")
	deleted := o.do(t, "DELETE", path+"/"+id, "")
	expect(t, "deleted key", fmt.Sprint(deleted["id"], deleted["object"], deleted["role_arn"]), id+"organization.external_key.deletedarn:aws:iam::123456789012:role/r")
	o.refused(t, 404, "GET", path+"/"+id, "")
	expect(t, "events", fmt.Sprint(o.events(t, "external_key")), "[external_key.registered external_key.registered external_key.registered external_key.removed]")
}

// A file of an earlier version has external keys in a table of their own, and
// nothing about them is lost.
func TestExternalKeysOfEarlierVersions(t *testing.T) {
	file, _ := putAside(t, start(t, emulator.Options{}))
	db, err := sql.Open("sqlite", file)
	if err == nil {
		_, err = db.ExecContext(context.Background(), `DROP TABLE objects; PRAGMA user_version = 16;
			ALTER TABLE journal DROP COLUMN key_id; ALTER TABLE journal DROP COLUMN project_id; ALTER TABLE journal DROP COLUMN error_code;
			ALTER TABLE journal DROP COLUMN duration_us; ALTER TABLE audit_log DROP COLUMN scope;
			INSERT INTO external_keys (id, type, name, purpose, fields, created_at) VALUES
			('extkey_2', 'aws', 'second', 'ekm', '{"kms_arn":"arn:aws:kms:eu:1:key/a","role_arn":"r"}', 8),
			('extkey_1', 'azure', 'first', 'psp_decryption', '{}', 7)`)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	o := start(t, emulator.Options{Snapshot: file})
	keys := o.do(t, "GET", "/organization/external_keys", "")
	expect(t, "oldest", keys.text("first_id"), "extkey_1")
	second := o.do(t, "GET", "/organization/external_keys/extkey_2", "")
	for name, want := range map[string]string{"name": "second", "type": "aws", "purpose": "ekm", "kms_arn": "arn:aws:kms:eu:1:key/a", "role_arn": "r"} {
		expect(t, name, second.text(name), want)
	}
}
